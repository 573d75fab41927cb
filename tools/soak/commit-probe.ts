import { Pool } from 'pg';

const EVERY_MS = 500;

/** Commits a row of its own twice a second, past every fault: how fast the database itself is, and when it stands still. */
export class CommitProbe {
  /** how long each commit took, ms */
  readonly tookMs: number[] = [];
  private readonly pool: Pool;
  private timer: NodeJS.Timeout | null = null;
  private isBusy = false;

  constructor(url: string) {
    this.pool = new Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 10_000 });
    this.pool.on('error', () => undefined);
  }

  async begin(): Promise<void> {
    await this.pool.query('CREATE TABLE soak_probe AS SELECT 0 AS n');
    this.timer = setInterval(() => void this.commit(), EVERY_MS);
  }

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.pool.end();
  }

  private async commit(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    const startedAt = performance.now();
    try {
      await this.pool.query('UPDATE soak_probe SET n = n + 1');
    } catch (error) {
      console.error('The probe of the database failed:', error);
    } finally {
      this.tookMs.push(performance.now() - startedAt);
      this.isBusy = false;
    }
  }
}
