import { Injectable } from '@nestjs/common';
import { Database } from '../../../postgres/database.js';
import { ChangeStore, type KeptChange } from '../../ports/change-store.js';
import { KEEP_CHANGES, PRUNE_CHANGES } from './change-statements.js';

/** `livescore_sync_change` through the package's own connections. */
@Injectable()
export class PgChangeStore extends ChangeStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async keep(changes: readonly KeptChange[]): Promise<number> {
    if (changes.length === 0) return 0;
    const rows = [...changes]
      .sort((a, b) => a.type - b.type || (a.id < b.id ? -1 : 1))
      .map(({ type, id, of, updatedAtS, fate }) => ({ type, id, of, update_time: updatedAtS, fate }));
    return (await this.database.query(KEEP_CHANGES, [JSON.stringify(rows)])).length;
  }

  override async prune(days: number, limit: number): Promise<number> {
    return (await this.database.query(PRUNE_CHANGES, [days, limit])).length;
  }
}
