import { type ParseArgsConfig, parseArgs } from 'node:util';
import { reasonOf, UsageError } from './cli.errors.js';

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
    throw new UsageError(`${reasonOf(cause)}\nSee: livescore ${command} --help`);
  }
}

/** @throws UsageError unless the text is a number from `first` to `last` */
export function readNumber(option: string, text: string, first: number, last: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= first && value <= last) return value;
  throw new UsageError(`--${option} must be a number from ${first} to ${last}, received "${text}"`);
}

/** @throws UsageError unless the text is a whole number from `first` to `last` */
export function readInteger(option: string, text: string, first: number, last: number): number {
  const value = readNumber(option, text, first, last);
  if (Number.isInteger(value)) return value;
  throw new UsageError(`--${option} must be a whole number, received "${text}"`);
}
