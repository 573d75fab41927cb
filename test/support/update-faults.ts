import type { MatchUpdate } from '../../src/domain/match-update.js';

type Json = unknown;

/**
 * What is wrong with an update decoded from `json`, written without the decoder's code: every number must stand in
 * the payload as it is, under the same match id.
 */
export function updateFaults(update: MatchUpdate, json: Json): string[] {
  const faults: string[] = [];
  const check = (fine: boolean, fault: string) => {
    if (!fine) faults.push(fault);
  };
  const all = [...walk(json)];
  check(typeof update.matchId === 'string' && update.matchId.trim() !== '' && update.matchId.length <= 255, 'id');
  check(all.includes(update.matchId), 'id does not stand in the payload');
  check(Boolean(update.score ?? update.statistics ?? update.incidents ?? update.commentary), 'carries nothing');
  if (update.score)
    check(
      all.some((value) => isTupleOf(value, update)),
      'score does not stand in the payload',
    );
  for (const part of [update.statistics, update.incidents, update.commentary]) check(part?.length !== 0, 'empty part');
  for (const { type, home, away } of update.statistics ?? []) {
    check(
      all.some((value) => has(value, { type, home, away }) || hasSlots(value, [type, home, away])),
      'statistic does not stand in the payload',
    );
  }
  for (const { type, position, time } of update.incidents ?? []) {
    check(
      all.some((value) => has(value, { type, position, time }) || hasSlots(value, [type, position, time])),
      'incident does not stand in the payload',
    );
    check(
      [type, position, time].every((n) => Number.isInteger(n) && n >= 0),
      'incident numbers',
    );
  }
  for (const { data } of update.commentary ?? []) check(all.includes(data), 'text does not stand in the payload');
  const times = [update.providerTimeS, update.score?.periodKickoffS ?? null];
  check(
    times.every((s) => s === null || (Number.isInteger(s) && s > 946_000_000 && s < 4_103_000_000)),
    'time out of range',
  );
  return faults;
}

function* walk(json: Json): Generator<Json> {
  yield json;
  if (typeof json === 'object' && json !== null) for (const value of Object.values(json)) yield* walk(value);
}

function isTupleOf(value: Json, { matchId, score }: MatchUpdate): boolean {
  if (!Array.isArray(value) || !score) return false;
  const [id, status, home, away] = value as Json[];
  return (
    id === matchId &&
    status === score.status &&
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13].includes(score.status) &&
    isTeam(home, score.home) &&
    isTeam(away, score.away)
  );
}

function isTeam(raw: Json, slots: readonly number[]): boolean {
  if (!Array.isArray(raw) || slots.length !== 7) return false;
  return slots.every((count, slot) =>
    slot === 4 && raw[slot] < 0 ? count === -1 : count === raw[slot] && Number.isInteger(count) && count >= 0,
  );
}

function has(value: Json, fields: Record<string, number>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(fields).every(([name, number]) => (value as Record<string, Json>)[name] === number);
}

function hasSlots(value: Json, numbers: readonly number[]): boolean {
  return Array.isArray(value) && numbers.every((number, slot) => value[slot] === number);
}
