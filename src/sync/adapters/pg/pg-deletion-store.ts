import { Injectable } from '@nestjs/common';
import { Database } from '../../../postgres/database.js';
import { DeletionStore } from '../../ports/deletion-store.js';
import { MARK_DELETED } from './deletion-statements.js';

/** `livescore_sync_deleted` through the package's own connections. */
@Injectable()
export class PgDeletionStore extends DeletionStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async mark(
    entity: string,
    externalIds: readonly string[],
    listedAgainHours: number,
  ): Promise<readonly string[]> {
    if (externalIds.length === 0) return [];
    const ids = [...new Set(externalIds)];
    const rows = await this.database.query<{ id: string }>(MARK_DELETED, [entity, ids, listedAgainHours]);
    return rows.map(({ id }) => id);
  }
}
