import { expect, it } from '@jest/globals';
import { printableOutput } from './printing.js';

it('lets no text move a screen, or a line of progress', () => {
  const shown: string[] = [];
  const ignored = () => {};
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
