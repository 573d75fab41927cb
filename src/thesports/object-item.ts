import type { ScoreReport } from '../domain/match-update.js';
import { decodeCommentary } from './commentary.js';
import type { MessageParts } from './decoded-message.js';
import { decodeEntries } from './entry-list.js';
import { decodeIncident } from './incidents.js';
import { matchIdProblem } from './match-id.js';
import { updateTimeS } from './provider-time.js';
import { decodeScoreTuple } from './score-tuple.js';
import { decodeStatistic } from './statistics.js';
import { updateOf } from './update-of.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether `value` has any of the keys that make an object an item. */
export function hasParts(value: JsonObject): boolean {
  return (
    value.score !== undefined || value.stats !== undefined || value.incidents !== undefined || value.tlive !== undefined
  );
}

/**
 * `{id, score?, stats?, incidents?, tlive?}`. The id may be missing when `score[0]` carries it; when the two disagree
 * nothing of the item can be trusted. A bad part does not cost the others.
 */
export function decodeObjectItem(item: JsonObject, parts: MessageParts, envelopeTimeS: number | null): void {
  const tuple = scoreTuple(item.score);
  const matchId = matchIdOf(item, tuple, parts);
  if (matchId === null) return;
  if (!hasParts(item)) {
    parts.reject('item', 'unknown-shape', matchId);
    return;
  }
  const score = scoreOf(item, tuple, matchId, parts);
  const statistics = decodeEntries(item.stats, decodeStatistic, 'statistics', matchId, parts);
  const incidents = decodeEntries(item.incidents, decodeIncident, 'incidents', matchId, parts);
  const commentary = decodeEntries(item.tlive, decodeCommentary, 'commentary', matchId, parts);
  if (!score && !statistics && !incidents && !commentary) return;
  const providerTimeS = updateTimeS(item) ?? envelopeTimeS;
  parts.add(updateOf(parts.origin, matchId, providerTimeS, { score, statistics, incidents, commentary }));
}

/** The tuple of a plain or once nested score; undefined when the field holds none. */
function scoreTuple(score: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(score)) return undefined;
  const first: unknown = score[0];
  if (!Array.isArray(first)) return score;
  return score.length === 1 ? first : undefined;
}

function matchIdOf(item: JsonObject, tuple: readonly unknown[] | undefined, parts: MessageParts): string | null {
  const own = item.id ?? tuple?.[0];
  const problem = matchIdProblem(own);
  if (problem !== null) {
    parts.reject('item', problem, null);
    return null;
  }
  const inScore = tuple?.[0];
  if (inScore !== own && matchIdProblem(inScore) === null) {
    parts.reject('item', 'id-mismatch', null);
    return null;
  }
  return own as string;
}

function scoreOf(
  item: JsonObject,
  tuple: readonly unknown[] | undefined,
  matchId: string,
  parts: MessageParts,
): ScoreReport | undefined {
  if (tuple === undefined) {
    if (item.score !== undefined && item.score !== null) parts.reject('score', 'unknown-shape', matchId);
    return undefined;
  }
  if (tuple.length === 0) return undefined;
  const problem = tuple[0] === matchId ? null : matchIdProblem(tuple[0]);
  const score = problem ?? decodeScoreTuple(tuple);
  if (typeof score !== 'string') return score;
  parts.reject('score', score, matchId);
  return undefined;
}
