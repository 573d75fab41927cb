import { createInterface } from 'node:readline/promises';
import type { Writable } from 'node:stream';

/** Writes lines to a stream until nobody reads any more, as in `livescore stage get | head -1`: that is no failure. */
export function writerTo(stream: Writable): (line: string) => void {
  let isRead = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isRead = false;
  });
  return (line) => {
    if (isRead) stream.write(`${line}\n`);
  };
}

const CLEARED = '\r\u001b[2K';
const DEFAULT_COLUMNS = 80;

/** A line at a terminal that is written over by the next one; null takes it away. It never wraps: only one line is cleared. */
export function progressAt(terminal: Writable & { readonly columns?: number }): (line: string | null) => void {
  return (line) => {
    terminal.write(`${CLEARED}${(line ?? '').slice(0, (terminal.columns ?? DEFAULT_COLUMNS) - 1)}`);
  };
}

/** Asks on stderr, where the question is seen when stdout goes into a file. */
export async function askAtTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
