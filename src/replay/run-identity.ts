import { randomBytes } from 'node:crypto';

/** Names the nth match, team or competition of one run. */
export type RunIds = ((kind: 'm' | 't' | 'c', index: number) => string) & { readonly run: string };

/** Ids of one run: 15 characters like the provider's, in no other run, so that old rows are never touched. */
export function runIds(): RunIds {
  const number = BigInt(`0x${randomBytes(8).toString('hex')}`);
  const run = number.toString(36).padStart(9, '0').slice(-9);
  const ids = (kind: 'm' | 't' | 'c', index: number) => `${run}${kind}${index.toString(36).padStart(5, '0')}`;
  return Object.assign(ids, { run });
}
