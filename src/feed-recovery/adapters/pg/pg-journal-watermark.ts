import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../../../postgres/database.js';
import { JournalWatermark } from '../../ports/journal-watermark.js';

/**
 * A restart after more than a day finds nothing: the hole began long ago in any case. Of the newest commits a thousand are
 * looked at: receipts follow each other almost as commits do.
 */
const SELECT: Statement = {
  name: 'livescore_watermark',
  text: `SELECT (extract(epoch FROM max(received_at)) * 1000)::float8 AS received_ms FROM (
    SELECT received_at FROM livescore_journal
    WHERE committed_at > (now() - interval '1 day') AND received_at < to_timestamp($1::float8 / 1000)
    ORDER BY committed_at DESC LIMIT 1000) AS newest`,
};

/** `livescore_journal` through the package's own connections, by its index on the time of the commit. */
@Injectable()
export class PgJournalWatermark extends JournalWatermark {
  constructor(private readonly database: Database) {
    super();
  }

  override async newestReceivedAtMs(beforeMs: number): Promise<number | null> {
    const [row] = await this.database.query<{ received_ms: number | null }>(SELECT, [beforeMs]);
    return row?.received_ms ?? null;
  }
}
