import type { Receipt } from '../contracts/update-sink.js';
import type { ScoreUpdate } from '../domain/decide.js';
import type { Outcome } from '../domain/outcome.js';
import { SUPERSEDED } from '../domain/outcomes.js';
import { supersede } from '../domain/supersede.js';

/** An update whose fate is not final, with whom to tell. */
export interface Waiting {
  /** as it was submitted: the one that is told of */
  readonly submitted: ScoreUpdate;
  /** as it is judged: carries what those knew whose place it took */
  update: ScoreUpdate;
  readonly receipt: Receipt | undefined;
  /** start of the latency measurement, our clock, unix ms: the receipt, or the discovery of a foreign change */
  readonly sinceMs: number;
  /** something newer may have been written meanwhile */
  readonly waited: boolean;
  /** it was told to be parked, and counted: its second fate is told to `replayed` */
  readonly replay: boolean;
  /** It was judged before: judged again, it is nothing that was heard of the match just now. */
  judged: boolean;
  /** what becomes of it when the change that contains its effect is committed */
  fate: Outcome;
  /** Told and counted: happens once. An update judged again by our own wish is final from the start. */
  final: boolean;
}

/** It is no literal: see "What is taken for old" in docs/performance.md. */
class Submitted implements Waiting {
  update: ScoreUpdate;
  readonly sinceMs: number;
  readonly waited: boolean;
  readonly replay = false;
  judged = false;
  fate: Outcome = SUPERSEDED;
  final = false;

  constructor(
    readonly submitted: ScoreUpdate,
    readonly receipt: Receipt | undefined,
  ) {
    this.update = submitted;
    this.sinceMs = submitted.receivedAtMs;
    this.waited = receipt?.waited === true;
  }
}

/** An update that just came. */
export function firstOf(update: ScoreUpdate, receipt: Receipt | undefined): Waiting {
  return new Submitted(update, receipt);
}

/** An update that was judged before, to be judged once more for a reason found now. */
export function repeatOf(update: ScoreUpdate, nowMs: number): Waiting {
  return { ...firstOf(update, undefined), sinceMs: nowMs, waited: true, judged: true, final: true };
}

/** A copy of it is kept elsewhere until the effect is in the database. */
export function awaitsCommit({ receipt, replay }: Waiting): boolean {
  return replay || receipt?.awaitsCommit === true;
}

/** The newer one takes the older one's place, and carries on what only that one knew. */
export function takePlace(newer: Waiting, older: Waiting): void {
  newer.update = supersede(older.update, newer.update);
}
