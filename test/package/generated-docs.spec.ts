import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';

interface Docstrings {
  readonly isSentence: (text: string, isOfFunction?: boolean) => boolean;
}
interface PublicNames {
  readonly packageEntries: () => readonly { readonly path: string; readonly page: string }[];
  readonly firstSentence: (text: string) => string;
}
interface EnvironmentVariables {
  readonly environmentVariables: (folder: string, butFor?: string) => ReadonlyMap<string, string>;
}

const script = <Exports>(name: string): Promise<Exports> =>
  import(pathToFileURL(resolve('scripts', `${name}.mjs`)).href) as Promise<Exports>;

// Whether the pages are current is said by `npm run check:api` and `npm run check:configuration`.
describe('the comments of public names', () => {
  let isSentence: Docstrings['isSentence'];
  beforeAll(async () => {
    ({ isSentence } = await script<Docstrings>('docstrings'));
  });

  it.each([
    'A clock makes time a dependency.',
    'The service tells whether the feed comes in.',
    '`ts_matches` already has a column with one of our names: not ours to change.',
    'These options configure {@link LeaseModule}.',
  ])('are a sentence: %s', (text) => {
    expect(isSentence(text)).toBe(true);
  });

  it.each([
    ['a riddle without a verb', 'Of a row that was reverted nothing.'],
    ['a name for a thing', 'The bus of one instance.'],
    ['a verb in a clause that depends on another one', 'A match that is being played, as the database says.'],
    ['half a question', 'Which path the updates of a match take.'],
    ['a verb without a subject', 'Keeps what did not reach its row.'],
    ['no full stop', 'The clock makes time a dependency'],
  ])('are none: %s', (_why, text) => {
    expect(isSentence(text)).toBe(false);
  });

  it('may begin with the verb where the function is the subject', () => {
    expect(isSentence('Connects the live feed.', true)).toBe(true);
  });

  it('have a first sentence that ends where the next one begins', async () => {
    const { firstSentence } = await script<PublicNames>('public-names');
    expect(firstSentence('The gateway is\nthe endpoint: JSON, 1.5 KiB. Clients get it.')).toBe(
      'The gateway is the endpoint: JSON, 1.5 KiB.',
    );
  });
});

describe('the API reference', () => {
  it('has a page for every entry, and an index of them', async () => {
    const { packageEntries } = await script<PublicNames>('public-names');
    const pages = packageEntries().map(({ page }) => `${page}.md`);
    expect(pages.length).toBeGreaterThan(6);
    expect(readdirSync('docs/api').sort()).toEqual([...pages, 'README.md'].sort());
    const index = readFileSync('docs/api/README.md', 'utf8');
    for (const page of pages) expect(index).toContain(`(${page})`);
  });

  it('has no link to a chapter that is not there', () => {
    const broken = readdirSync('docs/api').flatMap((page) =>
      [...readFileSync(join('docs/api', page), 'utf8').matchAll(/\]\(([\w-]+\.md)?#([\w-]+)\)/g)]
        .filter(([, other = page, anchor]) => !anchorsOf(join('docs/api', other)).has(anchor as string))
        .map(([link]) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
  });
});

describe('the page of the configuration', () => {
  const page = readFileSync('docs/configuration.md', 'utf8');

  it('has no mark that was not filled in, and no link to a chapter that is not there', () => {
    expect(page).not.toMatch(/<!-- (options|features|variables)/);
    const links = [...page.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor = '']) => anchor);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((anchor) => !anchorsOf('docs/configuration.md').has(anchor))).toEqual([]);
  });

  it('finds every way in which a variable of the environment is read', async () => {
    const { environmentVariables } = await script<EnvironmentVariables>('environment-variables');
    const modules = [...environmentVariables('src', 'src/cli').keys()];
    expect(modules).toEqual(
      expect.arrayContaining(['LIVESCORE_KILL_SWITCH', 'LIVESCORE_MAX_STAGE', 'LIVESCORE_MINUTE', 'NODE_APP_INSTANCE']),
    );
    expect([...environmentVariables('src/cli').keys()]).toEqual(expect.arrayContaining(['DATABASE_URL', 'MQTT_URL']));
  });
});

function anchorsOf(path: string): ReadonlySet<string> {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replace(/\s/g, '-'),
    ),
  );
}
