import type { DeadLetterReason } from '../contracts/dead-letter-sink.js';
import { LETTER_REASONS, type LetterSelection } from '../dead-letters/ports/letter-desk.js';
import { readArguments, readInteger, readNumber, readText, refuseForeign } from './arguments.js';
import { UsageError } from './cli.errors.js';

export const DEAD_LETTERS_HELP = `livescore dead-letters ACTION [options]

Messages of the feed that did not reach their row: malformed, unknown-match (parked until the row appears) and
cannot-be-written.

  list       show the newest, and how many are kept per reason
    --reason R        only this reason
    --match ID        only this match
    --limit N         at most N, 1 to 10000, default 50
    --payload ID      print the message of one letter instead; what a terminal does not show stands as \\u001b, and --json
                      gives every byte in base64

  redrive    have the running host try letters again; those that succeed are deleted
    --id N            one letter
    --match ID        those of a match
    --reason R        those of a reason
    --all             all of them
    --wait S          wait up to S seconds, 1 to 3600, and tell what became of them

  purge      delete letters
    --reason R        of a reason
    --older-than AGE  received longer ago than 90s, 30m, 12h or 7d; may be combined with --reason
    --all             all of them
    --dry-run         only count
    --yes             the database is the right one: do not ask for its name

  --json     print the answer as JSON

Examples:
  livescore dead-letters list --reason malformed
  livescore dead-letters list --payload 17
  livescore dead-letters redrive --match l7oqdehg6ko3r51 --wait 10
  livescore dead-letters purge --older-than 7d --dry-run

It needs SELECT on livescore_dead_letter; UPDATE for redrive; DELETE, and SELECT on livescore_lease, for purge.
The platform database is DATABASE_URL (postgres://…).
Exit code: 0 done, 1 nothing matched or letters are left after --wait, 2 it could not be done.`;

export type ListRequest = { readonly selection: LetterSelection; readonly limit: number; readonly json: boolean };
export type PayloadRequest = { readonly id: string; readonly json: boolean };
/** `waitS` null: do not wait. */
export type RedriveRequest = {
  readonly selection: LetterSelection;
  readonly waitS: number | null;
  readonly json: boolean;
};
export type PurgeRequest = {
  readonly selection: LetterSelection;
  readonly dryRun: boolean;
  /** the target is agreed to */
  readonly yes: boolean;
  readonly json: boolean;
};

export type DeadLettersRequest =
  | ({ readonly action: 'list' } & ListRequest)
  | ({ readonly action: 'payload' } & PayloadRequest)
  | ({ readonly action: 'redrive' } & RedriveRequest)
  | ({ readonly action: 'purge' } & PurgeRequest);

const OPTIONS = {
  json: { type: 'boolean' },
  reason: { type: 'string' },
  match: { type: 'string' },
  limit: { type: 'string' },
  payload: { type: 'string' },
  id: { type: 'string' },
  all: { type: 'boolean' },
  wait: { type: 'string' },
  'older-than': { type: 'string' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
} as const;

const OPTIONS_OF: Readonly<Record<'list' | 'redrive' | 'purge', readonly string[]>> = {
  list: ['reason', 'match', 'limit', 'payload'],
  redrive: ['id', 'match', 'reason', 'all', 'wait'],
  purge: ['reason', 'older-than', 'all', 'dry-run', 'yes'],
};
const UNITS_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const MAX_ID = 9_223_372_036_854_775_807n;
const MAX_AGE_S = 100 * 365 * 86_400;

/** What is asked for. @throws UsageError */
export function readDeadLettersArguments(argv: readonly string[]): DeadLettersRequest {
  const { values, positionals } = readArguments('dead-letters', argv, OPTIONS);
  const action = actionOf(positionals);
  refuseForeign('dead-letters', action, values, OPTIONS_OF);
  const json = values.json ?? false;
  if (action === 'list') {
    if (values.payload !== undefined) return { action: 'payload', id: readId('payload', values.payload), json };
    const limit = readInteger('limit', values.limit ?? '50', 1, 10_000);
    return { action, selection: selectionOf(values), limit, json };
  }
  const selection = deliberate(action, selectionOf(values), values.all ?? false);
  if (action === 'purge') {
    return { action, selection, dryRun: values['dry-run'] ?? false, yes: values.yes ?? false, json };
  }
  const waitS = values.wait === undefined ? null : readNumber('wait', values.wait, 1, 3_600);
  return { action, selection, waitS, json };
}

function actionOf([name, ...others]: readonly string[]): 'list' | 'redrive' | 'purge' {
  if (others.length === 0 && (name === 'list' || name === 'redrive' || name === 'purge')) return name;
  throw new UsageError('say what to do: list, redrive or purge', 'dead-letters');
}

function selectionOf(values: {
  readonly id?: string;
  readonly match?: string;
  readonly reason?: string;
  readonly 'older-than'?: string;
}): LetterSelection {
  const age = values['older-than'];
  return {
    ...(values.id !== undefined && { id: readId('id', values.id) }),
    ...(values.match !== undefined && { matchId: readText('match', values.match) }),
    ...(values.reason !== undefined && { reason: readReason(values.reason) }),
    ...(age !== undefined && { olderThanS: readAge(age) }),
  };
}

/** Nothing is tried again or deleted because an option was forgotten. */
function deliberate(action: string, selection: LetterSelection, all: boolean): LetterSelection {
  const chosen = Object.keys(selection).length > 0;
  if (all && chosen) throw new UsageError('--all takes no other choice beside it');
  if (all || chosen) return selection;
  throw new UsageError(`say which letters to ${action}, or --all`, 'dead-letters');
}

function readReason(text: string): DeadLetterReason {
  const reason = LETTER_REASONS.find((known) => known === text);
  if (reason) return reason;
  throw new UsageError(`--reason must be ${LETTER_REASONS.join(', ')}, received "${text}"`);
}

function readId(option: string, text: string): string {
  if (/^\d{1,19}$/.test(text) && BigInt(text) <= MAX_ID) return text;
  throw new UsageError(`--${option} must be the number of a letter, received "${text}"`);
}

function readAge(text: string): number {
  const [, count, unit] = /^(\d{1,10})([smhd])$/.exec(text) ?? [];
  const ageS = Number(count) * (UNITS_S[unit ?? ''] ?? Number.NaN);
  if (ageS >= 0 && ageS <= MAX_AGE_S) return ageS;
  throw new UsageError(`--older-than must be an age like 90s, 30m, 12h or 7d, received "${text}"`);
}
