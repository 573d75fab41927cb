import { Injectable, Optional } from '@nestjs/common';
import { Database, ReadDatabase, type Statement } from '../../../postgres/database.js';
import { type HostFacts, HostRows, type KnownHost } from '../../ports/host-rows.js';

const WRITE: Statement = {
  name: 'livescore_host_write',
  text: `
WITH gone AS (
  DELETE FROM livescore_host WHERE seen_at < (clock_timestamp() - interval '1 day') AND host <> $1::text
)
INSERT INTO livescore_host AS h (host, key, facts) VALUES ($1::text, $2::text, $3::jsonb)
ON CONFLICT (host) DO UPDATE SET key = EXCLUDED.key, facts = EXCLUDED.facts, seen_at = clock_timestamp()`,
};

const REMOVE: Statement = {
  name: 'livescore_host_remove',
  text: 'DELETE FROM livescore_host WHERE host = $1::text AND key = $2::text',
};

const LIST: Statement = {
  name: 'livescore_host_list',
  text: `
SELECT host, key, facts, (extract(epoch FROM clock_timestamp() - seen_at) * 1000)::float8 AS "ageMs"
FROM livescore_host WHERE seen_at > (clock_timestamp() - interval '1 minute') ORDER BY seen_at DESC LIMIT 100`,
};

/** `livescore_host` through the package's own connections. */
@Injectable()
export class PgHostRows extends HostRows {
  private readonly reads: Database;

  /** @param reads connections of those who only read, where there are some: no writer waits for a list */
  constructor(
    private readonly database: Database,
    @Optional() reads?: ReadDatabase,
  ) {
    super();
    this.reads = reads ?? database;
  }

  override async write(host: string, key: string, facts: HostFacts): Promise<void> {
    await this.database.query(WRITE, [host, key, JSON.stringify(facts)]);
  }

  override async remove(host: string, key: string): Promise<void> {
    await this.database.query(REMOVE, [host, key]);
  }

  override list(): Promise<readonly KnownHost[]> {
    return this.reads.query<KnownHost>(LIST, []);
  }
}
