import type { Client } from 'pg';
import { type MatchFormat, matchFormatText, readMatchFormat, STANDARD_FORMAT } from '../domain/match-format.js';
import { type MatchClock, type MinuteReading, matchClock, minuteText, readMinute } from '../domain/match-minute.js';
import { isMatchStatus } from '../domain/match-status.js';
import { FEATURE_MODES, type FeatureMode } from '../kernel/feature-mode.js';
import { printable } from '../kernel/printable.js';
import { readInteger } from '../platform/read-value.js';
import { operator, readArguments, readTime } from './arguments.js';
import { UsageError } from './cli.errors.js';
import type { Command, CommandOutput, Environment } from './command.js';
import { type NeededTables, withDatabase } from './platform-database.js';
import { line } from './printing.js';

const MINUTE_HELP = `livescore minute MATCH [--at TIME]
livescore minute --set MODE [--reason TEXT] [--by NAME]

Explains the minute of a match from its row: what it is computed from, which rule holds, and between which bounds.
With --set the hosts follow within seconds, each up to what its LIVESCORE_MINUTE and options allow:

  off       nobody ticks: minutes are written with the score alone
  shadow    minutes are computed and compared with those in the rows
  on        minutes are written into the rows of the direct path

  --at TIME      when: unix seconds, a time with its zone (2026-01-17T16:21:30Z), or how long ago (90s, 5m); default now
  --reason TEXT  why
  --by NAME      who, default the user of this shell
  --json         print the answer as JSON

Formats that a host has in its options are not known here: those of livescore_match_format are.
Examples:
  livescore minute l7oqdehg6ko3r51
  livescore minute l7oqdehg6ko3r51 --at 2026-01-17T16:21:30Z
  livescore minute --set shadow --reason "compare with the job of the platform"

It needs SELECT on ts_matches and livescore_match_format; INSERT and UPDATE on livescore_setting for --set.
The platform database is DATABASE_URL (postgres://…).
Exit code: 0 done, 1 the match has no minute at that time or no row, 2 it could not be done.`;

const OPTIONS = {
  at: { type: 'string' },
  set: { type: 'string' },
  json: { type: 'boolean' },
  reason: { type: 'string' },
  by: { type: 'string' },
} as const;

const MINUTE_TABLES: NeededTables = {
  code: 'LIVESCORE_NO_MINUTE',
  lack: 'the database lacks the tables of the minute',
};

const SELECT = `
SELECT m.external_id, m.status_id, m.first_half_kickoff_ts, m.second_half_kickoff_ts, m.overtime_kickoff_ts,
  m.live_kickoff_time, m.match_time, m.minute, m.minute_source,
  COALESCE(own.format, theirs.format) AS format
FROM ts_matches m
LEFT JOIN livescore_match_format own ON own.scope = 'match' AND own.id = m.external_id
LEFT JOIN livescore_match_format theirs ON theirs.scope = 'competition' AND theirs.id = m.competition_id
WHERE m.external_id = $1`;

const SET = `
INSERT INTO livescore_setting (name, value, changed_by, reason) VALUES ('minute_mode', $1, $2, $3)
ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value, changed_by = EXCLUDED.changed_by, reason = EXCLUDED.reason,
  changed_at = now()`;

/** `livescore minute`. */
export const minuteCommand: Command = {
  help: MINUTE_HELP,
  run: async (argv, env, output) => {
    const { values, positionals } = readArguments('minute', argv, OPTIONS);
    if (values.set !== undefined) return setMode(readMode(values.set, positionals), values, env, output);
    const [matchId, ...others] = positionals;
    if (matchId === undefined || others.length > 0) throw new UsageError('give one match id', 'minute');
    const atS = readAt(values.at);
    return withDatabase(env, MINUTE_TABLES, (client) => explain(client, matchId, atS, values.json ?? false, output));
  },
};

function readMode(text: string, positionals: readonly string[]): FeatureMode {
  const mode = FEATURE_MODES.find((known) => known === text);
  if (mode && positionals.length === 0) return mode;
  throw new UsageError(`--set takes one of ${FEATURE_MODES.join(', ')}, and no match`, 'minute');
}

/** @returns unix seconds */
function readAt(text: string | undefined): number {
  const nowMs = Date.now();
  if (text !== undefined && /^\d{9,11}$/.test(text)) return Number(text);
  return Math.floor((text === undefined ? nowMs : readTime('at', text, nowMs)) / 1000);
}

interface Who {
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  readonly json?: boolean | undefined;
}

async function setMode(mode: FeatureMode, who: Who, env: Environment, { stdout }: CommandOutput): Promise<number> {
  return withDatabase(env, MINUTE_TABLES, async (client) => {
    await client.query(SET, [mode, operator(who.by, env), who.reason ?? null]);
    stdout(who.json ? JSON.stringify({ mode }) : line('mode', mode));
    return 0;
  });
}

interface Explained {
  readonly matchId: string;
  /** unix seconds */
  readonly at: number;
  readonly status: number;
  readonly format: string;
  readonly clock: MatchClock;
  readonly reading: MinuteReading;
  readonly text: string;
  /** as the row has it */
  readonly stored: number | null;
  readonly storedBy: string | null;
}

async function explain(client: Client, matchId: string, atS: number, json: boolean, output: CommandOutput) {
  const { rows } = await client.query<Record<string, unknown>>(SELECT, [matchId]);
  const [row] = rows;
  if (!row) {
    output.stderr(`No match ${printable(matchId)}`);
    return 1;
  }
  const explained = read(row, matchId, atS);
  output.stdout(json ? JSON.stringify(explained) : linesOf(explained).join('\n'));
  return explained.reading.minute === null ? 1 : 0;
}

function read(row: Record<string, unknown>, matchId: string, atS: number): Explained {
  const code = readInteger(row, 'status_id');
  const status = isMatchStatus(code) ? code : 0;
  const format: MatchFormat = readMatchFormat(row.format) ?? STANDARD_FORMAT;
  const clock = matchClock({
    status,
    format,
    kickoffs: {
      firstHalfS: readInteger(row, 'first_half_kickoff_ts'),
      secondHalfS: readInteger(row, 'second_half_kickoff_ts'),
      overtimeS: readInteger(row, 'overtime_kickoff_ts'),
    },
    fallbackKickoffS: readInteger(row, 'live_kickoff_time') ?? readInteger(row, 'match_time'),
  });
  const reading = readMinute(clock, atS);
  const stored = readInteger(row, 'minute');
  const text = minuteText(status, reading.minute ?? stored, format);
  const storedBy = typeof row.minute_source === 'string' ? row.minute_source : null;
  return { matchId, at: atS, status, format: matchFormatText(format), clock, reading, text, stored, storedBy };
}

function linesOf({ at, status, format, clock, reading, text, stored, storedBy }: Explained): readonly string[] {
  const startedAt =
    clock.startedAt === null ? '-' : `${timeOf(clock.startedAt)}${clock.estimated ? ' (estimated)' : ''}`;
  return [
    line('at', timeOf(at)),
    line('status', `${status} ${clock.period ?? 'not in play'}`),
    line('format', format),
    line('kick-off', startedAt),
    line('rule', ruleOf(clock, reading, at)),
    line('minute', reading.minute === null ? 'none: the stored one stays' : String(reading.minute)),
    line('text', text),
    line('stored', `${stored ?? '-'}${storedBy === null ? '' : ` by ${printable(storedBy)}`}`),
  ];
}

const REFUSALS = {
  'not-in-play': 'this status has no minute of its own',
  'no-kickoff': 'no kick-off of the period is known',
  'kickoff-in-the-future': 'refused: the kick-off is in the future',
  'kickoff-too-long-ago': 'refused: the kick-off is more than 120 minutes ago',
} as const;

function ruleOf({ startedAt, baseSeconds }: MatchClock, reading: MinuteReading, atS: number): string {
  if (reading.minute === null) return REFUSALS[reading.refusal];
  if (startedAt === null) return `always ${reading.minute}`;
  const { counted, least, most } = reading;
  const clamp = counted === reading.minute ? 'within' : 'clamped to';
  return `${baseSeconds / 60} + ${atS - startedAt} s / 60 + 1 = ${counted}, ${clamp} ${least}–${most}`;
}

function timeOf(atS: number): string {
  return new Date(atS * 1000).toISOString().replace('.000', '');
}
