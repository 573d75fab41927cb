import type { MatchUpdate } from '../domain/match-update.js';
import type { Origin } from './decoded-message.js';

type Carried = Pick<MatchUpdate, 'score' | 'statistics' | 'incidents' | 'commentary'>;

/**
 * All updates have one hidden class, which keeps the readers behind the decoder fast. It is no literal: see "What is taken for old" in
 * docs/performance.md.
 */
class DecodedUpdate implements MatchUpdate {
  readonly source: MatchUpdate['source'];
  readonly delivery: MatchUpdate['delivery'];
  readonly receivedAtMs: number;
  readonly requestedAtMs: number | null;
  readonly redelivered: MatchUpdate['redelivered'];
  readonly score: MatchUpdate['score'];
  readonly statistics: MatchUpdate['statistics'];
  readonly incidents: MatchUpdate['incidents'];
  readonly commentary: MatchUpdate['commentary'];

  constructor(
    origin: Origin,
    readonly matchId: string,
    readonly providerTimeS: number | null,
    carried: Carried,
  ) {
    this.source = origin.source;
    this.delivery = origin.delivery;
    this.receivedAtMs = origin.receivedAtMs;
    this.requestedAtMs = origin.requestedAtMs;
    this.redelivered = origin.redelivered;
    this.score = carried.score;
    this.statistics = carried.statistics;
    this.incidents = carried.incidents;
    this.commentary = carried.commentary;
  }
}

/** An update of a message, with what its origin says. */
export function updateOf(origin: Origin, matchId: string, providerTimeS: number | null, carried: Carried): MatchUpdate {
  return new DecodedUpdate(origin, matchId, providerTimeS, carried);
}
