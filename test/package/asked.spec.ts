import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const PAGE = readFileSync('docs/asked.md', 'utf8');
const PACKAGE = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};
const ENTRIES: Readonly<Record<string, string>> = {
  '@goalgpt/livescore': 'src/index.ts',
  '@goalgpt/livescore/testing': 'src/testing/index.ts',
};

/** The rows below a heading, by cells; the head of the table is left out. */
function rowsOf(heading: string): readonly (readonly string[])[] {
  const chapter = PAGE.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = chapter.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const codes = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text as string);
const [modules, packages, mechanisms] = ['Modules', 'Packages', 'Mechanisms'].map(rowsOf) as [
  ReturnType<typeof rowsOf>,
  ReturnType<typeof rowsOf>,
  ReturnType<typeof rowsOf>,
];

function sourcesBelow(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts')).map((file) => join(path, file));
}

/** An import or a type of a package: `from 'x'`, `import('x')`, `import 'x'`, and the path of a file in it. */
function imports(path: string, name: string): boolean {
  const text = readFileSync(path, 'utf8');
  return new RegExp(`(from|import|import\\()\\s*'${name}(/[^']*)?'`).test(text);
}

const published = [...sourcesBelow('src'), ...sourcesBelow('migrations')];
const isImported = (name: string) => published.some((path) => imports(path, name.replace('@types/', '')));

describe('docs/asked.md', () => {
  it('names every module and package that was asked for', () => {
    const asked = ['MqttIngestModule', 'ScoreWriterModule', 'BroadcastGateway', 'SyncModule', 'HealthModule'];
    expect(modules.flatMap(([, exported]) => codes(exported))).toEqual(
      expect.arrayContaining([...asked, 'EntitySyncWorker']),
    );
    const nest = ['core', 'microservices', 'schedule', 'websockets', 'terminus', 'typeorm', 'cache-manager'];
    expect(packages.flatMap(([name]) => codes(name))).toEqual(
      expect.arrayContaining([...nest.map((name) => `@nestjs/${name}`), 'typeorm', 'pg', 'cache-manager', 'jest']),
    );
    expect(mechanisms.length).toBeGreaterThan(6);
  });

  it('names paths that are there', () => {
    const where = [
      ...modules.map((row) => row[3]),
      ...packages.map((row) => row[2]),
      ...mechanisms.map((row) => row[1]),
    ];
    const paths = where.map(codes);
    expect(paths.filter((named) => named.length === 0)).toEqual([]);
    expect(paths.flat().filter((path) => !existsSync(path))).toEqual([]);
  });

  it.each(modules.map(([, exported, entry]) => [codes(exported), codes(entry)[0] ?? ''] as const))(
    'exports %s from %s',
    (names, entry) => {
      const text = readFileSync(ENTRIES[entry] ?? '', 'utf8');
      expect(names.length).toBeGreaterThan(0);
      expect(names.filter((name) => !new RegExp(`export \\{[^}]*\\b${name}\\b`).test(text))).toEqual([]);
    },
  );

  it.each(packages.map(([name, , where]) => [codes(name)[0] ?? '', where ?? ''] as const))(
    'imports %s in %s',
    (name, where) => {
      const declared = { ...PACKAGE.dependencies, ...PACKAGE.peerDependencies, ...PACKAGE.devDependencies };
      expect(Object.keys(declared)).toContain(name);
      if (where.startsWith('nowhere')) {
        expect(isImported(name)).toBe(false);
        return;
      }
      // jest is imported by nobody: a file configures it
      const isUsed = (path: string) => name === 'jest' || sourcesBelow(path).some((source) => imports(source, name));
      expect(codes(where).filter((path) => !isUsed(path))).toEqual([]);
    },
  );

  it('has a row for every dependency and peer that the package does not import', () => {
    const nowhere = packages.filter((row) => row[2]?.startsWith('nowhere')).flatMap(([name]) => codes(name));
    const all = Object.keys({ ...PACKAGE.dependencies, ...PACKAGE.peerDependencies });
    expect(all.filter((name) => !isImported(name) && !nowhere.includes(name))).toEqual([]);
  });
});
