import { Client } from 'pg';
import { contentOf, shownText, wholeText } from '../checks/content.js';
import { formatPosition } from '../checks/position.js';
import type { TrueVersion } from '../checks/told-versions.js';

interface JournalRow {
  readonly matchId: string;
  readonly epoch: number;
  readonly version: number;
  readonly status: number;
  readonly home: number[] | null;
  readonly away: number[] | null;
  readonly kickoffs: (number | null)[];
}

export interface JournalTruth {
  /** all that the frames of protocol 2 prove */
  readonly proven: readonly TrueVersion[];
  /** all that silent clients show */
  readonly shown: readonly TrueVersion[];
  /** the position of the row before its first version, which no journal has */
  isBegin(matchId: string, position: string): boolean;
}

const JOURNAL = `
  SELECT match_id AS "matchId", epoch, version::float8 AS version, (after->>'status')::int AS status,
         after->'home' AS home, after->'away' AS away, after->'kickoffs' AS kickoffs
    FROM livescore_journal WHERE match_id = ANY ($1) ORDER BY match_id, epoch, version`;

/** Reads every committed version of these matches. */
export async function readTruth(databaseUrl: string, matchIds: readonly string[]): Promise<JournalTruth> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query<JournalRow>(JOURNAL, [matchIds]);
    const told = (text: (row: JournalRow) => string) =>
      rows.map(
        (row): TrueVersion => ({ matchId: row.matchId, epoch: row.epoch, version: row.version, text: text(row) }),
      );
    const begins = new Set<string>();
    const seen = new Set<string>();
    for (const row of rows) {
      if (!seen.has(row.matchId)) begins.add(`${row.matchId} ${formatPosition({ ...row, version: row.version - 1 })}`);
      seen.add(row.matchId);
    }
    return {
      proven: told((row) => wholeText(contentOf(row))),
      shown: told((row) => shownText(contentOf(row))),
      isBegin: (matchId, position) =>
        begins.has(`${matchId} ${position}`) || (!seen.has(matchId) && position === '0.0'),
    };
  } finally {
    await client.end();
  }
}
