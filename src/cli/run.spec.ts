import { describe, expect, it } from '@jest/globals';
import { COMMANDS } from './commands.js';
import { longOptions } from './completion/long-options.js';
import { run } from './run.js';
import { packageVersion } from './version.js';

async function printed(...argv: readonly string[]): Promise<{ exitCode: number; text: string }> {
  const lines: string[] = [];
  const output = { stdout: (line: string) => lines.push(line), stderr: (line: string) => lines.push(line) };
  const exitCode = await run(argv, {}, output);
  return { exitCode, text: lines.join('\n') };
}

const NAMES = COMMANDS.map(({ name }) => [name]);

describe('livescore', () => {
  it.each(NAMES)('shows the help of %s without a database, wherever it is asked for', async (command) => {
    for (const argv of [['--help'], ['-h'], ['some-action', '-h']]) {
      const { exitCode, text } = await printed(command, ...argv);
      expect([exitCode, text]).toEqual([0, expect.stringContaining(`livescore ${command}`)]);
    }
  });

  it.each(NAMES)('gives examples of %s, and says what its exit codes mean', async (command) => {
    const { text } = await printed(command, '--help');
    const [, examples = ''] = text.split('\nExamples:\n');
    expect(examples).toMatch(new RegExp(`^  .*livescore ${command}\\b`));
    expect(text).toMatch(/Exit code: 0 /);
    expect(text.split('\n').filter((line) => line.length > 130)).toEqual([]);
  });

  it.each(NAMES)('%s knows every option that its help shows', async (command) => {
    const { text } = await printed(command, '--help');
    for (const option of longOptions(command, text).filter((name) => name !== '--help')) {
      const answer = await printed(command, option, '--no-such-option');
      expect([option, answer.exitCode]).toEqual([option, 2]);
      expect(answer.text).not.toContain(`Unknown option '${option}'`);
    }
  });

  it('names every command in its overview, once', async () => {
    const { exitCode, text } = await printed('--help');
    expect(exitCode).toBe(0);
    for (const [name] of NAMES) expect(text.match(new RegExp(`^  ${name}( [A-Z]+)?  +\\S`, 'gm'))).toHaveLength(1);
    expect(await printed()).toEqual({ exitCode: 2, text });
  });

  it.each(['--version', '-V', 'version'])('tells the version of its package: %s', async (word) => {
    expect(packageVersion()).toMatch(/^\d+\.\d+\.\d+/);
    expect(await printed(word)).toEqual({ exitCode: 0, text: packageVersion() });
  });

  it('says which command was probably meant', async () => {
    expect(await printed('stag', 'get')).toEqual({ exitCode: 2, text: expect.stringContaining('did you mean stage?') });
    expect(await printed('zzzzzz')).toEqual({ exitCode: 2, text: expect.not.stringContaining('did you mean') });
  });

  it('names the help of a command that is called in a way it does not know', async () => {
    expect(await printed('stage', 'put')).toEqual({
      exitCode: 2,
      text: expect.stringContaining('See: livescore stage --help'),
    });
  });
});
