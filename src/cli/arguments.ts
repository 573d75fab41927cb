import { userInfo } from 'node:os';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isAddress } from '../kernel/service-address.js';
import { reasonOf } from '../kernel/unreachable.errors.js';
import { UsageError } from './cli.errors.js';
import type { Environment } from './command.js';

/**
 * `parseArgs` with a positional list and errors meant for people.
 * @throws UsageError naming the command to ask for help
 */
export function readArguments<O extends NonNullable<ParseArgsConfig['options']>>(
  command: string,
  argv: readonly string[],
  options: O,
): ReturnType<typeof parseArgs<{ options: O; allowPositionals: true; strict: true }>> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw new UsageError(reasonOf(cause), command);
  }
}

/** @throws UsageError when an option is given that belongs to another action; `--json` belongs to all */
export function refuseForeign<Action extends string>(
  command: string,
  action: Action,
  given: object,
  optionsOf: Readonly<Record<Action, readonly string[]>>,
): void {
  const foreign = Object.keys(given).find((option) => option !== 'json' && !optionsOf[action].includes(option));
  if (foreign !== undefined) throw new UsageError(`--${foreign} does not belong to ${action}`, command);
}

/** @throws UsageError when the text is blank */
export function readText(option: string, text: string): string {
  if (text.trim() !== '') return text;
  throw new UsageError(`--${option} must not be blank`);
}

/** As people write numbers: no `0x10`, no `1e3`. */
const DECIMAL = /^-?\d{1,15}(\.\d{1,15})?$/;

/** @throws UsageError unless the text is a number from `first` to `last` */
export function readNumber(option: string, text: string, first: number, last: number): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (value >= first && value <= last) return value;
  throw new UsageError(`--${option} must be a number from ${first} to ${last}, received "${text}"`);
}

/** @throws UsageError unless the text is a whole number from `first` to `last` */
export function readInteger(option: string, text: string, first: number, last: number): number {
  const value = readNumber(option, text, first, last);
  if (Number.isInteger(value)) return value;
  throw new UsageError(`--${option} must be a whole number, received "${text}"`);
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const WITH_ZONE = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/i;

/** A time with its zone, or how long ago. @returns unix ms @throws UsageError */
export function readTime(option: string, text: string, nowMs: number): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return nowMs - Number(count) * (UNITS_MS[unit] ?? Number.NaN);
  const [, year, month, day] = WITH_ZONE.exec(text) ?? [];
  const atMs = isDay(Number(year), Number(month), Number(day)) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(atMs)) return atMs;
  throw new UsageError(
    `--${option} must be a time with its zone, like 2026-05-01T18:30:00Z, or an age like 90s, 30m, 12h or 7d; received "${text}"`,
  );
}

/** `Date.parse` takes 31 February for 3 March. */
function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const DEFAULT_PORT = '3000';

/** The host's address without a path: `--url`, or loopback on `PORT` (3000). */
export function hostUrl(url: string | undefined, env: Environment): URL {
  const text = url ?? `http://127.0.0.1:${env.PORT ?? DEFAULT_PORT}`;
  if (isAddress('host', text)) return new URL(text);
  throw new UsageError('--url must be http://host:port or ws://host:port');
}

/** `http` becomes `ws`; without a path the legacy one, `/ws`, is meant. */
export function webSocketUrl(host: URL): string {
  const url = new URL(host);
  url.protocol = host.protocol.replace('http', 'ws');
  if (url.pathname === '/') url.pathname = '/ws';
  return url.href;
}

/** Who changes something: `--by`, or the user of this shell. Services and containers set no variable. @throws UsageError */
export function operator(by: string | undefined, { USER, LOGNAME, USERNAME }: Environment): string {
  const name = (by ?? USER ?? LOGNAME ?? USERNAME ?? userOfProcess()).trim();
  if (name !== '') return name;
  throw new UsageError('say who you are with --by NAME');
}

/** A container may run under a number that has no name. */
function userOfProcess(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
