import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Messages as the feed sends them, one of each kind. */
export const FEED_SAMPLES = [
  'envelope-a-bare-tuple',
  'envelope-b-nested-score',
  'envelope-b-single-object',
  'envelope-c-object-array',
  'envelope-d-numeric-keys',
  'envelope-e-combined-object',
  'incidents-object',
  'incidents-positional',
  'rest-detail-live-item',
  'score-negative-corners',
  'score-shootout',
  'stats-object',
  'stats-positional',
  'tlive-object',
] as const;

/** A sample message of the provider, as bytes. Every program of the repository runs in its root. */
export function payload(name: string): Buffer {
  return readFileSync(join('test', 'fixtures', 'payloads', `${name}.json`));
}
