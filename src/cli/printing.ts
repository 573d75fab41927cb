import { escaped, printable, printableLines } from '../kernel/printable.js';
import type { CommandOutput, Screen } from './command.js';

/** The only way to a terminal: whatever a command writes, no text of the feed, the database or a file moves its cursor. */
export function printableOutput({ stdout, stderr, ask, progress, screen, gone }: CommandOutput): CommandOutput {
  return {
    ask,
    gone,
    screen: screen && ((onQuit) => printableScreen(screen(onQuit))),
    progress: progress && ((text) => progress(text === null ? null : printable(text))),
    stdout: (text) => stdout(printableLines(text)),
    stderr: (text) => stderr(printableLines(text)),
  };
}

function printableScreen(screen: Screen): Screen {
  return {
    get rows() {
      return screen.rows;
    },
    get columns() {
      return screen.columns;
    },
    draw: (lines) => screen.draw(lines.map(printable)),
    close: () => screen.close(),
  };
}

/** Aligned columns, two spaces apart, headings first. No cell makes a line of its own. */
export function textTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows].map((cells) => cells.map(printable));
  const widths = headings.map((_, column) => Math.max(...lines.map((row) => row[column]?.length ?? 0)));
  const lineOf = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return lines.map((row) => lineOf(row).trimEnd()).join('\n');
}

/** A name and its value, in columns. */
export function line(name: string, value: string): string {
  return `${name.padEnd(22)}${printable(value)}`;
}

/** A value as one line of JSON. What a terminal does not show is escaped: a program reads it as it was. */
export function jsonLine(value: unknown): string {
  return escaped(JSON.stringify(value));
}

/** A time in UTC, in whole seconds. */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
