import type { MatchUpdate } from '../domain/match-update.js';
import type { Origin } from './decoded-message.js';

type Carried = Pick<MatchUpdate, 'score' | 'statistics' | 'incidents' | 'commentary'>;

/** One literal for every update: all have one hidden class, which keeps the readers behind the decoder fast. */
export function updateOf(origin: Origin, matchId: string, providerTimeS: number | null, carried: Carried): MatchUpdate {
  return {
    matchId,
    source: origin.source,
    delivery: origin.delivery,
    receivedAtMs: origin.receivedAtMs,
    requestedAtMs: origin.requestedAtMs,
    providerTimeS,
    redelivered: origin.redelivered,
    score: carried.score,
    statistics: carried.statistics,
    incidents: carried.incidents,
    commentary: carried.commentary,
  };
}
