import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { COMMAND_GROUPS, COMMANDS } from '../../src/cli/commands.js';
import { longOptions } from '../../src/cli/completion/long-options.js';

const page = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf('\n')), text] as const),
);

describe('docs/commands.md', () => {
  it('has a section for every command, in the groups and the order of the overview, and none beside', () => {
    expect([...sections.keys()]).toEqual(COMMANDS.map(({ name }) => name));
    const groups = [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    expect(groups).toEqual(COMMAND_GROUPS.map(({ title }) => title));
  });

  it.each(COMMANDS.map(({ name }) => [name]))('shows %s with an example and the rights it needs', (name) => {
    const text = sections.get(name) ?? '';
    expect(text).toContain('```console\n$ ');
    expect(text).toMatch(new RegExp(`^\\$ .*livescore ${name}\\b`, 'm'));
    expect(text).toMatch(/Rights: |needs no database/);
  });

  it('shows no option that a command does not know', async () => {
    for (const { name, load } of COMMANDS) {
      const known = longOptions(name, (await load()).help);
      const lines = page.split('\n').filter((line) => line.startsWith(`$ livescore ${name} `));
      for (const option of lines.flatMap((line) => line.match(/ --[a-z][a-z-]*/g) ?? [])) {
        expect([name, known]).toEqual([name, expect.arrayContaining([option.trim()])]);
      }
    }
  });
});
