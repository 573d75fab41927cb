import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const LAYOUT = readFileSync('docs/architecture.md', 'utf8').split('\n## Layout\n')[1]?.split('\n## ')[0] ?? '';
const foldersIn = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

describe('the layout in docs/architecture.md', () => {
  it('has every room of src', () => {
    const isNamed = (room: string) => LAYOUT.includes(`\`src/${room}\``) || LAYOUT.includes(`\`${room}\``);
    expect(foldersIn('src').filter((room) => !isNamed(room))).toEqual([]);
  });

  it('has every program of tools', () => {
    expect(foldersIn('tools').filter((program) => !LAYOUT.includes(`\`${program}\``))).toEqual([]);
  });

  it('says what stands in rollout and replay', () => {
    const inner = ['rollout', 'replay'].flatMap((room) => foldersIn(`src/${room}`));
    const plain = inner.filter((folder) => !['ports', 'adapters'].includes(folder));
    expect(plain.filter((folder) => !LAYOUT.includes(`\`${folder}\``))).toEqual([]);
  });
});
