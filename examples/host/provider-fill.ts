import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { TournamentProvider } from './tournament-provider.js';

/** What a database without any row got from the provider before the first match began. */
export interface Filled {
  readonly wasEmpty: boolean;
  readonly teams: number;
  /** teams with a logo */
  readonly logos: number;
  readonly competitions: number;
  /** matches whose teams and competition are there, too */
  readonly fixtures: number;
  /** requests that the host sent for it */
  readonly requests: number;
}

const TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 50;

const HAS_TABLES = `
SELECT to_regclass('ts_teams') IS NOT NULL AND to_regclass('ts_matches') IS NOT NULL
  AND to_regclass('ts_competitions') IS NOT NULL AS present`;
const ROWS = `
SELECT (SELECT count(*) FROM ts_teams)::int AS teams,
  (SELECT count(*) FROM ts_teams WHERE logo_url <> '')::int AS logos,
  (SELECT count(*) FROM ts_competitions)::int AS competitions,
  (SELECT count(*) FROM ts_matches m JOIN ts_teams home ON home.external_id = m.home_team_id
    JOIN ts_teams away ON away.external_id = m.away_team_id
    JOIN ts_competitions c ON c.external_id = m.competition_id)::int AS fixtures`;

type Rows = Omit<Filled, 'wasEmpty' | 'requests'>;
const NO_ROWS: Rows = { teams: 0, logos: 0, competitions: 0, fixtures: 0 };

/** Watches how the host fills an empty database from the provider. */
export class ProviderFill {
  private constructor(
    private readonly databaseUrl: string,
    private readonly provider: TournamentProvider,
    private readonly wasEmpty: boolean,
  ) {}

  /** Looks at the database before the host does. */
  static async before(databaseUrl: string, provider: TournamentProvider): Promise<ProviderFill> {
    const { teams, competitions, fixtures } = await withClient(databaseUrl, rowsIn);
    return new ProviderFill(databaseUrl, provider, teams + competitions + fixtures === 0);
  }

  /**
   * Waits until all that the provider tells is there.
   * @throws when it takes more than a minute, or the signal's reason
   */
  complete(signal: AbortSignal): Promise<Filled> {
    return withClient(this.databaseUrl, async (client) => {
      const untilMs = performance.now() + TIMEOUT_MS;
      for (;;) {
        const rows = await rowsIn(client);
        if (this.isComplete(rows)) return { wasEmpty: this.wasEmpty, ...rows, requests: this.provider.requests };
        if (performance.now() > untilMs) throw new Error(`The provider's rows are not there: ${JSON.stringify(rows)}`);
        await pause(LOOK_EVERY_MS, undefined, { signal });
      }
    });
  }

  private isComplete({ teams, competitions, fixtures }: Rows): boolean {
    const { expected } = this.provider;
    return teams >= expected.teams && competitions >= expected.competitions && fixtures >= expected.fixtures;
  }
}

/** None where the host has not made its tables yet. */
async function rowsIn(client: Client): Promise<Rows> {
  const tables = await client.query<{ present: boolean }>(HAS_TABLES);
  if (!tables.rows[0]?.present) return NO_ROWS;
  return (await client.query<Rows>(ROWS)).rows[0] ?? NO_ROWS;
}

async function withClient<T>(databaseUrl: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
