import { once } from 'node:events';
import { emitKeypressEvents, type Key } from 'node:readline';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Screen } from './command.js';

/**
 * Writes lines to a stream until nobody reads any more, as in `livescore stage get | head -1`: that is no failure.
 * @param onGone called when that is seen
 */
export function writerTo(stream: Writable, onGone: () => void = () => {}): (line: string) => void {
  let isRead = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isRead = false;
    onGone();
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

/**
 * Asks on stderr, where the question is seen when stdout goes into a file.
 * @returns nothing when Ctrl-C, or the end of the input, is the answer
 */
export async function askAtTerminal(
  question: string,
  input: Readable = process.stdin,
  output: Writable = process.stderr,
): Promise<string> {
  const terminal = createInterface({ input, output });
  const closed = once(terminal, 'close').then(() => '');
  try {
    return await Promise.race([terminal.question(question).catch(() => ''), closed]);
  } finally {
    terminal.close();
  }
}

const OTHER_SCREEN = '\u001b[?1049h\u001b[?25l';
const SAME_SCREEN = '\u001b[?25h\u001b[?1049l';
const [HOME, TO_END_OF_LINE, TO_END_OF_SCREEN] = ['\u001b[H', '\u001b[K', '\u001b[J'];
const DEFAULT_ROWS = 24;

/** What a screen needs of the two sides of a terminal. */
export type Keyboard = Pick<ReadStream, 'on' | 'removeListener' | 'pause' | 'resume' | 'setRawMode'>;
export type Display = Pick<WriteStream, 'write'> & { readonly rows?: number; readonly columns?: number };

/**
 * Takes the second screen of a terminal, without a cursor, and hears its keys: q and Ctrl-C quit. Closed, or when the process
 * ends, all is as it was. Nothing but what is drawn is written to it.
 */
export function screenAt(keyboard: Keyboard, display: Display, onQuit: () => void): Screen {
  let isOpen = true;
  const letKeys = hearKeys(keyboard, onQuit);
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    letKeys();
    display.write(SAME_SCREEN);
    process.removeListener('exit', close);
  };
  display.write(OTHER_SCREEN);
  process.once('exit', close);
  return {
    get rows() {
      return display.rows ?? DEFAULT_ROWS;
    },
    get columns() {
      return display.columns ?? DEFAULT_COLUMNS;
    },
    draw: (lines) => {
      const text = lines.map((line) => `${line}${TO_END_OF_LINE}`).join('\r\n');
      if (isOpen) display.write(`${HOME}${text}${TO_END_OF_SCREEN}`);
    },
    close,
  };
}

/** @returns what ends it */
function hearKeys(keyboard: Keyboard, onQuit: () => void): () => void {
  const onKey = (_text: string | undefined, { name, ctrl }: Key) => {
    if (name === 'q' || (ctrl && name === 'c')) onQuit();
  };
  emitKeypressEvents(keyboard as ReadStream);
  keyboard.setRawMode(true);
  keyboard.on('keypress', onKey);
  keyboard.resume();
  return () => {
    keyboard.removeListener('keypress', onKey);
    keyboard.setRawMode(false);
    keyboard.pause();
  };
}
