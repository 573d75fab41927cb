import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COMMANDS } from '../../src/cli/commands.js';
import { runCli } from '../support/run-cli.js';

const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

describe('livescore completion', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'livescore-completion-'));
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { exitCode, stdout } = await runCli(['completion', shell], {});
      expect(exitCode).toBe(0);
      writeFileSync(join(folder, shell), stdout);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What bash offers for the words of a line, the last of which is being written. */
  const offered = (...words: string[]): readonly string[] => {
    const line = ['livescore', ...words].map((word) => `'${word}'`).join(' ');
    const script = `source '${join(folder, 'bash')}'; COMP_WORDS=(${line}); COMP_CWORD=${words.length}
      complete -p livescore | grep -q _livescore || exit 1; _livescore; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean);
  };

  it('offers every command in bash', () => {
    expect(offered('')).toEqual([...COMMANDS.map(({ name }) => name), '--help', '--version']);
    expect(offered('mi')).toEqual(['migrate', 'minute']);
    expect(offered('--v')).toEqual(['--version']);
  });

  it.each([
    [
      ['stage', ''],
      ['get', 'set', 'history'],
    ],
    [['stage', 's'], ['set']],
    [['sync', 'run', ''], []],
    [
      ['pin', 'm1', '--re'],
      ['--remove', '--reason'],
    ],
    [['backup', '--n'], ['--no-check']],
    [['revert', '--r'], ['--reason']],
    [['nothing', '--'], []],
  ])('offers what follows in bash: %j', (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it.each(['zsh', 'fish'])('is a script that %s reads, where it is installed', (shell) => {
    const text = readFileSync(join(folder, shell), 'utf8');
    for (const { name } of COMMANDS) expect(text).toContain(name);
    if (isInstalled(shell)) expect(execFileSync(shell, ['-n', join(folder, shell)], { encoding: 'utf8' })).toBe('');
  });

  it('offers actions in fish, where it is installed', () => {
    if (!isInstalled('fish'))
      return expect(readFileSync(join(folder, 'fish'), 'utf8')).toContain('complete -c livescore');
    const script = `source '${join(folder, 'fish')}'; complete -C 'livescore stage '`;
    const found = execFileSync('fish', ['-N', '-c', script], {
      encoding: 'utf8',
      env: { ...process.env, HOME: folder },
    });
    expect(found.split('\n')).toEqual(expect.arrayContaining(['get', 'history', 'set']));
  });

  it('is refused for a shell that it does not know', async () => {
    expect(await runCli(['completion', 'tcsh'], {})).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('bash, zsh, fish'),
    });
  });
});

describe('the overview', () => {
  it('is printed without loading a package: that is what takes time', () => {
    const seen = new Set<string>();
    const packages: string[] = [];
    const follow = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(
        /^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm,
      )) {
        if (from.startsWith('.')) follow(resolve(dirname(file), from.replace(/\.js$/, '.ts')));
        else if (!from.startsWith('node:')) packages.push(from);
      }
    };
    follow(resolve(import.meta.dirname, '../../src/cli/main.ts'));
    expect(packages).toEqual([]);
    expect(seen.size).toBeLessThan(20);
  });
});
