import { Injectable } from '@nestjs/common';
import { Database } from '../../../postgres/database.js';
import { type PrunedBatch, RetentionStore } from '../../ports/retention-store.js';
import { PRUNE_DECISIONS, PRUNE_JOURNAL, PRUNE_LETTERS } from './retention-statements.js';

/** The tables of the package through its own connections. */
@Injectable()
export class PgRetentionStore extends RetentionStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async pruneJournal(days: number, afterMs: number): Promise<PrunedBatch> {
    const [batch] = await this.database.query<PrunedBatch>(PRUNE_JOURNAL, [days, afterMs]);
    return batch ?? { deleted: 0, untilMs: null };
  }

  override async pruneLetters(days: number): Promise<number> {
    return (await this.database.query(PRUNE_LETTERS, [days])).length;
  }

  override async pruneDecisions(days: number): Promise<number> {
    return (await this.database.query(PRUNE_DECISIONS, [days])).length;
  }
}
