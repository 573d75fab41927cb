import { DatabaseServer, execute } from '../database.js';
import { matchIdOf } from '../workload.js';

/** Matches that are live at once. */
export const LIVE = 100;

/** Databases with a hundred live matches, which are dropped at the end. */
export class FanOutDatabase {
  private readonly creating = new Map<string, Promise<string>>();

  private constructor(
    private readonly server: DatabaseServer,
    private readonly runName: string,
  ) {}

  static async prepare(serverUrl: string, runName: string, kickoffS: number): Promise<FanOutDatabase> {
    return new FanOutDatabase(await DatabaseServer.prepare(serverUrl, runName, kickoffS), runName);
  }

  /** @returns its address */
  create(label: string): Promise<string> {
    const name = `${this.runName}_${label}`;
    const created = this.make(name);
    this.creating.set(name, created);
    return created;
  }

  /** Also of those that are being made. */
  async close(): Promise<void> {
    for (const [name, created] of this.creating) {
      await created.catch(() => undefined);
      await this.server.drop(name);
    }
    await this.server.close();
  }

  private async make(name: string): Promise<string> {
    const url = await this.server.create(name);
    await execute(url, `DELETE FROM ts_matches WHERE external_id >= '${matchIdOf(LIVE)}'`);
    await execute(url, 'VACUUM ANALYZE ts_matches');
    return url;
  }
}

/** The version of every match in the database. */
export async function versionsIn(url: string): Promise<ReadonlyMap<string, number>> {
  const rows = await execute<{ id: string; version: number }>(
    url,
    'SELECT external_id AS id, score_version::integer AS version FROM ts_matches',
  );
  return new Map(rows.map(({ id, version }) => [id, version]));
}
