import { randomBytes } from 'node:crypto';
import { ReplayError } from './replay.errors.js';

/** Names the nth match, team or competition of one run. */
export type RunIds = ((kind: 'm' | 't' | 'c', index: number) => string) & { readonly run: string };

const RUN = /^[0-9a-z]{9}$/;

/** A name for one run, 9 characters, that no other run has: old rows are never touched. */
export function newRun(): string {
  const number = BigInt(`0x${randomBytes(8).toString('hex')}`);
  return number.toString(36).padStart(9, '0').slice(-9);
}

/**
 * Ids of one run: 15 characters like the provider's.
 * @throws ReplayError when the name is not 9 digits and small letters
 */
export function runIds(run = newRun()): RunIds {
  if (!RUN.test(run)) throw new ReplayError('LIVESCORE_REPLAY_OPTIONS', 'run must be 9 digits and small letters');
  const ids = (kind: 'm' | 't' | 'c', index: number) => `${run}${kind}${index.toString(36).padStart(5, '0')}`;
  return Object.assign(ids, { run });
}
