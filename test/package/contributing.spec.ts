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

  it.each([
    ...['a provider', 'a source', 'a market', 'a probe', 'a metric', 'an alarm', 'an option', 'a column', 'a command'],
    ...['an adapter', 'an entity of the sync', 'a feature'],
  ])('lists the files of %s', (name) => {
    const steps = chapter(name)
      .split('\n')
      .filter((line) => /^\d\. /.test(line));
    expect(steps.length).toBeGreaterThan(2);
    expect(steps.filter((step) => pathsIn(step).length === 0)).toEqual([]);
  });

  it('every command is one file, with its entry in the overview, its chapter, and a spec that runs it', () => {
    const [entries, page] = [read('src/cli/commands.ts'), read('docs/commands.md')];
    const specs = filesBelow('test', '.spec.ts').map((file) => read(`test/${file}`));
    const commands = filesBelow('src/cli', '-command.ts').map((file) => file.replace('-command.ts', ''));
    expect(commands.length).toBeGreaterThan(5);
    for (const name of commands) {
      const symbol = `${name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}Command`;
      expect(entries).toContain(`name: '${name}'`);
      expect(entries).toContain(`(await import('./${name}-command.js')).`);
      expect(page).toContain(`livescore ${name}`);
      const isRun = (spec: string) =>
        spec.includes(symbol) || spec.includes(`['${name}'`) || spec.includes(`run('${name}`);
      expect([name, specs.some(isRun)]).toEqual([name, true]);
    }
  });

  it('every market has its table of cases, and words by which it is asked for', () => {
    const markets = filesBelow('src/domain/settlement/markets', '.ts').filter((file) => !file.endsWith('.spec.ts'));
    expect(markets.length).toBeGreaterThan(2);
    const texts = read('src/domain/settlement/market-text.ts');
    for (const file of markets) {
      expect(existsSync(`src/domain/settlement/markets/${file.replace('.ts', '.spec.ts')}`)).toBe(true);
      expect(texts).toContain(`./markets/${file.replace('.ts', '.js')}`);
    }
  });

  it('every entity of the sync stands in the list, and has its table in the schema for tests', () => {
    const others = ['index.ts', 'entities.spec.ts'];
    const entities = filesBelow('src/sync/entity/list', '.ts').filter((file) => !others.includes(file));
    expect(entities.length).toBeGreaterThan(9);
    const [list, schema] = [read('src/sync/entity/list/index.ts'), read('src/testing/platform-schema.ts')];
    for (const file of entities) {
      expect(list).toContain(`./${file.replace('.ts', '.js')}`);
      const [, table = file] = /table: '(\w+)'/.exec(read(`src/sync/entity/list/${file}`)) ?? [];
      expect(schema).toMatch(new RegExp(`\\b${table}\\b`));
    }
  });

  it('every alarm has its entry in the runbook', () => {
    const anchors = [...read('examples/monitoring/alerts.yml').matchAll(/operations\.md#([\w-]+)/g)];
    expect(anchors.length).toBeGreaterThan(10);
    const headings = [...read('docs/operations.md').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replace(/\s/g, '-'),
    );
    expect(anchors.map(([, anchor]) => anchor).filter((anchor) => !headings.includes(anchor as string))).toEqual([]);
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
