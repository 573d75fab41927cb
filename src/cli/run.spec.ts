import { describe, expect, it } from '@jest/globals';
import { run } from './run.js';

async function printed(...argv: readonly string[]): Promise<{ exitCode: number; text: string }> {
  const lines: string[] = [];
  const output = { stdout: (line: string) => lines.push(line), stderr: (line: string) => lines.push(line) };
  const exitCode = await run(argv, {}, output);
  return { exitCode, text: lines.join('\n') };
}

describe('livescore', () => {
  it.each([
    ['migrate'],
    ['replay'],
    ['explain'],
    ['dead-letters'],
    ['stage'],
    ['pin'],
    ['rollout'],
    ['revert'],
    ['foreign-writers'],
  ])('shows the help of %s without a database, wherever it is asked for', async (command) => {
    for (const argv of [['--help'], ['-h'], ['some-action', '-h']]) {
      const { exitCode, text } = await printed(command, ...argv);
      expect([exitCode, text]).toEqual([0, expect.stringContaining(`livescore ${command}`)]);
    }
  });

  it('names the help of a command that is called in a way it does not know', async () => {
    expect(await printed('stage', 'put')).toEqual({
      exitCode: 2,
      text: expect.stringContaining('See: livescore stage --help'),
    });
  });
});
