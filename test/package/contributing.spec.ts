import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const GUIDE = readFileSync('CONTRIBUTING.md', 'utf8');
const FOLDERS = /^(src|test|tools|migrations|examples|scripts|docs|bench)(\/|$)|^\.(ci|dependency)/;

/** Paths in backticks and in links. */
const pathsIn = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`\s]+)`|\]\(([^)#]+)\)/g)]
    .map(([, code, link]) => code ?? link ?? '')
    .filter((path) => FOLDERS.test(path));

/** The chapter under a heading. */
function chapter(name: string): string {
  const text = GUIDE.split(`\n### ${name}\n`)[1];
  if (text === undefined) throw new Error(`CONTRIBUTING.md has no chapter "${name}"`);
  return text.split(/\n##/)[0] as string;
}

const filesBelow = (folder: string, end: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(end));
const read = (path: string) => readFileSync(path, 'utf8');

describe('CONTRIBUTING.md', () => {
  it('names paths that are there', () => {
    const paths = pathsIn(GUIDE);
    expect(paths.length).toBeGreaterThan(40);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  it.each(['a provider', 'a source', 'a probe', 'a column', 'a command', 'an adapter', 'an entity'])(
    'lists the files of %s',
    (name) => {
      const steps = chapter(name)
        .split('\n')
        .filter((line) => /^\d\. /.test(line));
      expect(steps.length).toBeGreaterThan(2);
      expect(steps.filter((step) => pathsIn(step).length === 0)).toEqual([]);
    },
  );

  it('every command is one file, with its line in `COMMANDS` and in `HELP`, and a spec that runs it', () => {
    const [run, specs] = [read('src/cli/run.ts'), filesBelow('test', '.spec.ts').map((file) => read(`test/${file}`))];
    const commands = filesBelow('src/cli', '-command.ts').map((file) => file.replace('-command.ts', ''));
    expect(commands.length).toBeGreaterThan(5);
    for (const name of commands) {
      const symbol = `${name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}Command`;
      expect(run).toContain(`(await import('./${name}-command.js')).${symbol}`);
      expect(run).toMatch(new RegExp(`^  ${name}\\b.{2,}\\w`, 'm'));
      const isRun = (spec: string) =>
        spec.includes(symbol) || spec.includes(`['${name}'`) || spec.includes(`run('${name}`);
      expect([name, specs.some(isRun)]).toEqual([name, true]);
    }
  });

  it('every probe stands beside the module that provides it', () => {
    const probes = filesBelow('src', '-health-probe.ts');
    expect(probes.length).toBeGreaterThan(3);
    for (const file of probes) {
      const [room = ''] = file.split('/');
      const modules = filesBelow(`src/${room}`, '.module.ts').map((module) => read(`src/${room}/${module}`));
      expect([file, modules.some((text) => text.includes('HealthProbe'))]).toEqual([file, true]);
    }
  });

  it('every port with a store has a contract suite, run against its adapter, and a published fake', () => {
    const stores = filesBelow('src', '-store.ts').filter((file) => /^[a-z-]+\/ports\//.test(file));
    expect(stores.length).toBeGreaterThan(6);
    const published = read('src/testing/index.ts');
    for (const file of stores.filter((store) => !store.includes('cache-store'))) {
      const name = file.split('/').at(-1)?.replace('.ts', '') ?? '';
      expect(existsSync(`test/contracts/${name}.contract.ts`)).toBe(true);
      expect(published).toContain(`./in-memory-${name}.js`);
    }
  });
});
