import type { MatchUpdate } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import type { Scheduler } from '../shared/scheduler.js';
import type { UpdateSink } from '../shared/update-sink.js';

/** The value, or null when it is not there after `waitMs`. Rejects as `promise` does, unless that is later. */
export function within<T>(promise: Promise<T>, waitMs: number, scheduler: Scheduler): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const cancel = scheduler.after(waitMs, () => resolve(null));
    promise.then(resolve, reject).finally(cancel);
  });
}

/** Submits the update and tells its fate; for `applied`, after the commit. */
export function fateOf(update: MatchUpdate, sink: UpdateSink): Promise<Outcome> {
  return new Promise((resolve) => {
    sink.submit([update], { awaitsCommit: true, settled: (_, outcome) => resolve(outcome) });
  });
}
