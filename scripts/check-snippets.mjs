// Typechecks every ```ts block of README.md and docs/**/*.md as a module of a host, against the sources.
// A fragment that cannot stand alone is fenced as ```typescript.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join('.data', 'snippets');
const pages = ['README.md', ...readdirSync('docs', { recursive: true }).map((name) => join('docs', name))].filter(
  (page) => page.endsWith('.md'),
);

function snippetsOf(page) {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
    name: `${page.replace(/\W+/g, '-')}-line-${text.slice(0, match.index).split('\n').length + 1}.ts`,
    code: match[1],
  }));
}

const snippets = pages.flatMap(snippetsOf);
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
for (const { name, code } of snippets) writeFileSync(join(FOLDER, name), `${code}\nexport {};\n`);
const tsconfig = {
  extends: '../../tsconfig.json',
  compilerOptions: {
    rootDir: '../..',
    paths: {
      '@goalgpt/livescore': ['../../src/index.ts'],
      '@goalgpt/livescore/migrations': ['../../migrations/index.ts'],
      '@goalgpt/livescore/rollout': ['../../src/rollout/index.ts'],
      '@goalgpt/livescore/settlement': ['../../src/settlement/index.ts'],
      '@goalgpt/livescore/testing': ['../../src/testing/index.ts'],
    },
  },
  include: ['*.ts'],
};
writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(tsconfig));
try {
  execFileSync('npx', ['tsc', '-p', FOLDER], { stdio: ['ignore', 'inherit', 'inherit'] });
  console.log(`${snippets.length} snippets compile`);
} catch {
  process.exitCode = 1;
} finally {
  rmSync(FOLDER, { recursive: true, force: true });
}
