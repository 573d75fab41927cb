import { closestName } from '../kernel/closest-name.js';
import { LiveScoreError } from '../kernel/livescore.errors.js';
import { printable } from '../kernel/printable.js';

/** Nothing that is kept has this name. */
export class UnknownJobError extends LiveScoreError {
  constructor(name: string, known: readonly { readonly name: string }[]) {
    const closest = closestName(
      name,
      known.map((job) => job.name),
    );
    const hint = closest ? `; did you mean "${closest}"?` : '';
    super('LIVESCORE_SYNC_UNKNOWN', `The sync has no entity or job ${printable(name)}${hint}`);
  }
}

/** Nobody would take the run. */
export class SyncOffError extends LiveScoreError {
  constructor(name: string, mode: string) {
    const why = mode === 'on' ? `"${name}" is switched off: livescore sync resume ${name}` : `the mode is ${mode}`;
    super('LIVESCORE_SYNC_OFF', `Nothing runs: ${why}`);
  }
}
