import type { RunCounts } from '../../domain/sync/run-facts.js';
import type { SyncRow } from '../../sync/ports/sync-desk.js';
import type { EndedRun, Unseen } from './run-watch.js';

/** What a run has done so far, in one line. */
export function progressText({ entity, runId, kind, page, counts }: SyncRow): string {
  if (runId === null) return `${entity}: waits for a host`;
  return `${entity}: ${kind ?? 'run'}, page ${page}, ${countsText(counts)}`;
}

/** How a run ended, in one line. */
export function endText({ entity, kind, verdict, counts, error, tookMs }: EndedRun): string {
  const took = tookMs === null ? '' : ` in ${durationText(tookMs)}`;
  const why = error === null ? '' : `: ${error}`;
  const how = verdict === 'lost' ? 'ended without a verdict' : verdict;
  return `${entity}: ${kind ?? 'run'} ${how}${took}, ${countsText(counts)}${why}`;
}

export function waitText({ entity, runId, kind, runner, startedAtMs, nowMs, wanted, wantedBy }: SyncRow): string {
  if (runId === null)
    return `${entity}: ${wantedBy ?? 'somebody'} has asked for a run (${wanted}): that one is followed first`;
  const since = startedAtMs === null ? '' : ` since ${durationText(nowMs - startedAtMs)}`;
  const where = runner === null ? '' : ` at ${runner}`;
  return `${entity}: a run (${kind ?? 'of unknown kind'}) is under way${since}${where}: that one is followed first`;
}

const UNSEEN: Readonly<Record<Unseen, string>> = {
  untaken:
    'nobody took it within 10 s: no host with the sync on runs on this database, or it is paused there. The wish is taken back',
  stalled: 'the run under way has no host any more, and no host with the sync on takes it over',
  withdrawn: 'somebody else took the wish back, or replaced it',
  timeout: 'it is not followed any longer. A run that has begun goes on: livescore sync status',
};

export function unseenText(entity: string, why: Unseen): string {
  return `${entity}: ${UNSEEN[why]}`;
}

/** `45 s`, `12 min`, `3 h`, `2 d`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

function countsText({ seen, added, changed, refused, deleted }: Readonly<RunCounts>): string {
  return `seen ${seen}, added ${added}, changed ${changed}, refused ${refused}, deleted ${deleted}`;
}
