import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${root}docs/boot.md`, 'utf8');

/** The rows of its table, without the head. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(1);

describe('the page of what is checked at boot', () => {
  it.each(rows.map((row) => [row.split('|')[1]?.trim(), row] as const))('names a spec that is there: %s', (_, row) => {
    const specs = [...row.matchAll(/`((?:src|test)\/[^`]+)`/g)].map(([, path]) => String(path));
    expect(specs).not.toHaveLength(0);
    expect(specs.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
  });

  it('names every spec of its own folders', () => {
    for (const path of ['test/boot/boot.spec.ts', ...['postgres', 'broker', 'services', 'process'].map(specOfTls)])
      expect(page).toContain(`\`${path}\``);
  });
});

function specOfTls(name: string): string {
  return `test/tls/${name}.spec.ts`;
}
