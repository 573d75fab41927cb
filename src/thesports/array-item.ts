import { decodeCommentary } from './commentary.js';
import type { MessageParts } from './decoded-message.js';
import { kindOf } from './entry-kind.js';
import { decodeEntries } from './entry-list.js';
import { decodeIncident } from './incidents.js';
import { matchIdProblem } from './match-id.js';
import { decodeScoreTuple } from './score-tuple.js';
import { decodeStatistic } from './statistics.js';
import { updateOf } from './update-of.js';

/** A bare score tuple, or a pair `[id, list]` of statistics, incidents or commentary. */
export function decodeArrayItem(item: readonly unknown[], parts: MessageParts, providerTimeS: number | null): void {
  const problem = matchIdProblem(item[0]);
  if (problem !== null) {
    parts.reject('item', problem, null);
    return;
  }
  const matchId = item[0] as string;
  if (item.length === 2 && Array.isArray(item[1])) {
    decodePair(matchId, item[1], parts, providerTimeS);
    return;
  }
  const score = decodeScoreTuple(item);
  if (typeof score === 'string') parts.reject('score', score, matchId);
  else parts.add(updateOf(parts.origin, matchId, providerTimeS, { score }));
}

/** An empty list may be any of the three and carries nothing. */
function decodePair(matchId: string, list: unknown[], parts: MessageParts, providerTimeS: number | null): void {
  if (list.length === 0) return;
  const carried = decodeList(matchId, list, parts);
  if (carried !== null) parts.add(updateOf(parts.origin, matchId, providerTimeS, carried));
}

function decodeList(matchId: string, list: unknown[], parts: MessageParts) {
  const kind = list.map(kindOf).find((known) => known !== null);
  switch (kind) {
    case undefined:
      parts.reject('item', 'unknown-shape', matchId);
      return null;
    case 'statistics': {
      const statistics = decodeEntries(list, decodeStatistic, kind, matchId, parts);
      return statistics ? { statistics } : null;
    }
    case 'incidents': {
      const incidents = decodeEntries(list, decodeIncident, kind, matchId, parts);
      return incidents ? { incidents } : null;
    }
    case 'commentary': {
      const commentary = decodeEntries(list, decodeCommentary, kind, matchId, parts);
      return commentary ? { commentary } : null;
    }
  }
}
