import { expect, it } from '@jest/globals';
import { jsonLine, printableOutput, textTable } from './printing.js';

const ignored = () => {};

it('lets no text move a terminal, and keeps lines', () => {
  const shown: string[] = [];
  const show = (text: string) => void shown.push(text);
  const { stdout, stderr } = printableOutput({ stdout: show, stderr: show });
  stdout('a\u001b[2J\nb');
  stderr('\u202ec');
  expect(shown).toEqual(['a\uFFFD[2J\nb', '\uFFFDc']);
});

it('lets no cell of a table make a line of its own', () => {
  expect(textTable(['id'], [['a\nb']])).toBe('id\na\uFFFDb');
});

it('escapes in JSON what a terminal does not show, for programs to read', () => {
  const id = 'a\u202e\u200b\u009b';
  expect(jsonLine({ id })).toBe('{"id":"a\\u202e\\u200b\\u009b"}');
  expect(JSON.parse(jsonLine({ id }))).toEqual({ id });
});

it('lets no text move a screen, or a line of progress', () => {
  const shown: string[] = [];
  const { screen, progress } = printableOutput({
    stdout: ignored,
    stderr: ignored,
    progress: (text) => void shown.push(text ?? ''),
    screen: () => ({ rows: 1, columns: 9, close: ignored, draw: (lines) => void shown.push(...lines) }),
  });
  screen?.(ignored).draw(['a\u001b[2J', '\u202eb']);
  progress?.('c\u200b\n');
  expect(shown).toEqual(['a\uFFFD[2J', '\uFFFDb', 'c\uFFFD\uFFFD']);
});
