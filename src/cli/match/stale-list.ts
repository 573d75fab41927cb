import type { Client } from 'pg';
import { statusWords } from '../../domain/status-words.js';
import { isoTime } from '../../kernel/iso-time.js';
import { ClientDatabase } from '../../postgres/adapters/pg/client-database.js';
import { PgStaleMatches } from '../../sync/adapters/pg/pg-stale-matches.js';
import type { ListedMark } from '../../sync/ports/stale-matches.js';
import type { CommandOutput } from '../command.js';
import { jsonLine, textTable, timeText } from '../printing.js';

const MOST_LISTED = 5_000;

/** @param isAll with those that were asked about a moment ago, and may move yet */
export async function listStale(client: Client, isAll: boolean, json: boolean, { stdout }: CommandOutput) {
  const marks = await new PgStaleMatches(new ClientDatabase(client)).list(MOST_LISTED);
  const shown = marks.filter(({ staleAtMs }) => isAll || staleAtMs !== null);
  if (json) stdout(jsonLine({ matches: shown.map(toAnswer) }));
  else if (shown.length === 0) stdout('no match stands still');
  else stdout(textTable(['match', 'status', 'score', 'reason', 'since', 'age', 'asked', 'stale'], shown.map(toCells)));
  return 0;
}

function toAnswer({ matchId, status, score, reason, sinceMs, ageMs, askedAtMs, staleAtMs }: ListedMark) {
  const since = isoTime(sinceMs);
  const [askedAt, staleAt] = [isoTime(askedAtMs), isoTime(staleAtMs)];
  return { matchId, status, score, reason, since, ageS: Math.floor(ageMs / 1000), askedAt, staleAt };
}

function toCells(mark: ListedMark): readonly string[] {
  const time = (ms: number | null) => (ms === null ? '-' : timeText(ms));
  const { matchId, status, score, reason, sinceMs, ageMs, askedAtMs, staleAtMs } = mark;
  const words = [matchId, statusWords(status), score ?? '-', reason];
  return [...words, timeText(sinceMs), ageText(ageMs), time(askedAtMs), time(staleAtMs)];
}

function ageText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.floor(ms / 1_000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}
