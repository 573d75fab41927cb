import type { DiffResult } from './diff-result.js';

/** `full`: everything there is; `incremental`: what changed since the last complete run, where the provider can say so. */
export type RunKind = 'full' | 'incremental';

/** `complete`: all there is was read and stored; `partial`: some of it; `failed`: nothing, or nothing can be said. */
export type RunVerdict = 'complete' | 'partial' | 'failed';

/** When a job runs: a cron pattern of five or six fields (seconds first), in UTC. */
export interface JobSchedule {
  readonly cron: string;
  readonly kind: RunKind;
}

/** What a run has done so far, rows. */
export interface RunCounts {
  /** entries of the provider that were read */
  seen: number;
  added: number;
  changed: number;
  /** could not be taken: kept as dead letters */
  refused: number;
  /** marked as deleted by the provider */
  deleted: number;
}

export const NOTHING_DONE: Readonly<RunCounts> = Object.freeze({
  seen: 0,
  added: 0,
  changed: 0,
  refused: 0,
  deleted: 0,
});

/** How a run ended. */
export interface RunEnd {
  readonly verdict: RunVerdict;
  /** where the next incremental run begins, unix seconds; taken over only from a complete run; undefined: as it is */
  readonly watermark?: number | null;
  /** one line, without credentials, of what was in the way, or is to be looked at */
  readonly error?: string;
  /** Everything there is was read, whatever kind of run was asked for. */
  readonly wasFull?: boolean;
  /** Deletions were missed: the next run of every entity reads everything. */
  readonly requiresFull?: boolean;
  /** of a run that writes nothing */
  readonly diff?: DiffResult;
}
