import { Injectable } from '@nestjs/common';
import { Database } from '../../../postgres/database.js';
import { type Acquisition, LeaseStore } from '../../ports/lease-store.js';
import { ACQUIRE, RELEASE, RENEW } from './lease-statements.js';

interface AcquiredRow {
  readonly fence: string | null;
  readonly client_id: string | null;
  readonly holder: string | null;
  readonly remaining_ms: number | null;
}

/** `livescore_lease` through the package's own connections. */
@Injectable()
export class PgLeaseStore extends LeaseStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async acquire(holder: string, ttlMs: number, reclaim: boolean): Promise<Acquisition> {
    const [row] = await this.database.query<AcquiredRow>(ACQUIRE, [holder, ttlMs, reclaim]);
    if (row?.fence && row.client_id) return { kind: 'acquired', fence: Number(row.fence), clientId: row.client_id };
    return { kind: 'held', holder: row?.holder ?? null, remainingMs: row?.remaining_ms ?? 0 };
  }

  override async renew(holder: string, fence: number, ttlMs: number): Promise<boolean> {
    const renewed = await this.database.query(RENEW, [holder, ttlMs, fence]);
    return renewed.length > 0;
  }

  override async release(holder: string, fence: number): Promise<void> {
    await this.database.query(RELEASE, [holder, fence]);
  }
}
