import { randomBytes } from 'node:crypto';

/** Matches with a row that the hostile side of the feed speaks of, all in one message. */
export const HOSTILE_MATCHES = 5_000;
const UNKNOWN_IN_ONE = 500;
/** Messages from one about all of them to the next: a minute, at two a second. */
const EVERY = 120;

/** Seeds the rows of {@link HOSTILE_MATCHES}. */
export const HOSTILE_ROWS = `INSERT INTO ts_matches (external_id, status_id, match_time)
  SELECT 'siege-' || n, 1, extract(epoch FROM now()) - 600 FROM generate_series(1, ${HOSTILE_MATCHES}) n`;

const COUNTS = [0, 0, 0, 0, 0, 0, 0];
const scoreOf = (id: string, home: unknown = COUNTS) => [id, 2, home, COUNTS, Math.floor(Date.now() / 1_000) - 600];
const itemOf = (id: string, home?: unknown) => ({ id, score: scoreOf(id, home) });
const nobody = () => `u${randomBytes(6).toString('hex')}`;
const many = (count: number, one: (n: number) => object) =>
  JSON.stringify(Array.from({ length: count }, (_, n) => one(n)));

const SMALL: readonly ((n: number) => string)[] = [
  () => '{"id":1,"score":[1,2',
  () => randomBytes(64).toString('hex'),
  () => JSON.stringify([itemOf(nobody())]),
  (n) => JSON.stringify([itemOf(`siege-${1 + (n % HOSTILE_MATCHES)}`, ['many', null, -1, 1e99])]),
  (n) => JSON.stringify([itemOf(`siege-${1 + (n % HOSTILE_MATCHES)}`, [n % 9, 0, 0, 0, n % 30, 0, 0])]),
  () => JSON.stringify([itemOf(`\u202e\u2028${nobody()}\u0007\u001b[2J`)]),
  () => `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  () => '',
  (n) =>
    JSON.stringify([{ id: `siege-${1 + (n % HOSTILE_MATCHES)}`, incidents: many(300, (k) => ({ type: k, time: k })) }]),
  () => '\u0000'.repeat(1_000),
];

/** A message of the feed that is broken, unknown, huge, or about matches that nobody plays; some of them large. */
export function hostileMessage(n: number): string {
  const place = n % EVERY;
  if (place === 10 || place === 70) return many(UNKNOWN_IN_ONE, () => itemOf(nobody()));
  if (place === 25)
    return many(HOSTILE_MATCHES, (k) => itemOf(`siege-${k + 1}`, [Math.floor(n / EVERY) % 9, ...COUNTS.slice(1)]));
  if (place === 40) return ' '.repeat(1_500_000);
  return SMALL[n % SMALL.length]?.(n) ?? '';
}
