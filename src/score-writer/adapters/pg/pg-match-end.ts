import { Injectable } from '@nestjs/common';
import type { MatchState } from '../../../domain/match-state.js';
import { isLive } from '../../../domain/match-status.js';
import { pause } from '../../../kernel/deadline.js';
import { REAL_TIME } from '../../../kernel/scheduler.js';
import { Database } from '../../../postgres/database.js';
import { MatchChangedError, MatchLockedError, NoSuchMatchError, NotInPlayError } from '../../match-end.errors.js';
import { type EndWord, MatchEnd } from '../../ports/match-end.js';
import { END_MATCH } from './end-statement.js';
import { PgScoreStore } from './pg-score-store.js';

/** A row that somebody has locked is tried again so often. */
const TRIES = 50;
const PAUSE_MS = 100;

/** Compare-and-set on the row as it was looked at: whoever agreed has agreed to that. */
@Injectable()
export class PgMatchEnd extends MatchEnd {
  private readonly scores: PgScoreStore;

  constructor(private readonly database: Database) {
    super();
    this.scores = new PgScoreStore(database);
  }

  override async look(matchId: string): Promise<MatchState> {
    const match = await this.loaded(matchId);
    if (isLive(match.status)) return match;
    throw new NotInPlayError(match);
  }

  override async end(before: MatchState, { by, reason }: EndWord): Promise<MatchState> {
    const { matchId, version, origin, epoch } = before;
    for (let n = 1; n <= TRIES; n++) {
      const atS = Math.floor(Date.now() / 1000);
      const values = [matchId, version, origin?.fingerprint, epoch, atS, by, reason];
      if ((await this.database.query(END_MATCH, values)).length > 0) return this.loaded(matchId);
      const now = await this.loaded(matchId);
      if (now.version !== version || now.origin?.fingerprint !== origin?.fingerprint) {
        throw new MatchChangedError(before, now);
      }
      await pause(PAUSE_MS, REAL_TIME);
    }
    throw new MatchLockedError(matchId);
  }

  private async loaded(matchId: string): Promise<MatchState> {
    const match = (await this.scores.load([matchId])).get(matchId);
    if (match) return match;
    throw new NoSuchMatchError(matchId);
  }
}
