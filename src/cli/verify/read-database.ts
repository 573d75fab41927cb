import type { Client } from 'pg';
import { readMatchFormat, STANDARD_FORMAT } from '../../domain/match-format.js';
import { matchClock, readMinute } from '../../domain/match-minute.js';
import { isMatchStatus } from '../../domain/match-status.js';
import { reasonOf } from '../../kernel/unreachable.errors.js';
import { readInteger } from '../../platform/read-value.js';
import { kickoffsOf } from '../../platform/score-row.js';
import { lacksRight, lacksSchema, sqlState } from '../../postgres/sql-state.js';
import { reasonTold } from '../reason-told.js';
import type { AgedMatch, DatabaseFacts, Known, Lacking, Measured, MinuteBehind, SyncRun } from './facts.js';
import { readApart } from './read-apart.js';
import * as sql from './statements.js';

type Row = Readonly<Record<string, unknown>>;

/** The tick writes every 30 s, and a minute lasts 60. */
const MOST_BEHIND_MIN = 1;

export interface DatabaseQuestion {
  /** seconds back */
  readonly periodS: number;
  /** by how much the database's clock is ahead of the host's, ms */
  readonly skewMs: number;
  /** resolves when the second look at the journal is due, with which matches go the direct way */
  readonly secondLook: Promise<(matchId: string) => boolean>;
}

/** Reads what the criteria judge. A part that cannot be read is unknown, with the reason; the others are read all the same. */
export async function readDatabase(client: Client, question: DatabaseQuestion): Promise<DatabaseFacts> {
  const rows = async <R extends object>(text: string, values: readonly unknown[] = []) =>
    (await client.query<R>(text, [...values])).rows;
  const first = async <R extends object>(text: string, values: readonly unknown[] = []) =>
    (await rows<R>(text, values))[0] as R;
  const { periodS, skewMs } = question;
  const known = knownParts();
  return {
    writes: await known(() => first<Measured>(sql.WRITES, [periodS, skewMs])),
    settlements: await known(() => first<Measured>(sql.SETTLEMENTS, [periodS])),
    scores: await known(() => first<Lacking>(sql.NULL_SCORES)),
    minutes: await known(() => first<Lacking>(sql.NULL_MINUTES)),
    minutesBehind: await known(async () => behindOf(await rows<Row>(sql.RUNNING))),
    openSettlements: await known(() => rows<AgedMatch>(sql.OPEN_SETTLEMENTS)),
    stale: await known(() => rows<AgedMatch>(sql.STALE)),
    syncRuns: await known(() => rows<SyncRun>(sql.SYNC_RUNS)),
    journal: await known(() => readApart(() => rows<Row>(sql.JOURNALED), question.secondLook)),
  };
}

/** Reads one part after the other. Where one was not answered at all the rest is not asked: it would stand behind that one. */
function knownParts(): <T>(read: () => Promise<T>) => Promise<Known<T>> {
  let silence: string | null = null;
  return async (read) => {
    if (silence !== null) return { unknown: silence, failed: true };
    try {
      return { value: await read() };
    } catch (error) {
      if (lacksSchema(error))
        return { unknown: `the database lacks what is needed (${reasonOf(error)}): run \`livescore migrate\`` };
      if (lacksRight(error)) return { unknown: `the role may not read it (${reasonOf(error)}): grant it SELECT` };
      const unknown = reasonTold(error);
      if (sqlState(error) === null) silence = unknown;
      return { unknown, failed: true };
    }
  };
}

function behindOf(rows: readonly Row[]): { readonly judged: number; readonly behind: readonly MinuteBehind[] } {
  const read = rows.flatMap((row) => {
    const expected = expectedOf(row);
    const stored = readInteger(row, 'minute');
    return expected === null || stored === null ? [] : [{ matchId: String(row.external_id), stored, expected }];
  });
  return {
    judged: read.length,
    behind: read.filter(({ stored, expected }) => expected - stored > MOST_BEHIND_MIN),
  };
}

/** The minute by the formula; null where it says none. */
function expectedOf(row: Row): number | null {
  const status = readInteger(row, 'status_id');
  if (!isMatchStatus(status)) return null;
  const clock = matchClock({
    status,
    format: readMatchFormat(row.format) ?? STANDARD_FORMAT,
    kickoffs: kickoffsOf(row),
    fallbackKickoffS: readInteger(row, 'live_kickoff_time') ?? readInteger(row, 'match_time'),
  });
  return readMinute(clock, Number(row.now_s)).minute;
}
