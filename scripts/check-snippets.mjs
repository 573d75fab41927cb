// Typechecks every ```ts and ```tsx block of README.md and docs/**/*.md as a module of a host or a page, against the sources.
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
  return [...text.matchAll(/^```(tsx?)\n([\s\S]*?)^```$/gm)].map(({ index, 1: extension, 2: code }) => ({
    name: `${page.replace(/\W+/g, '-')}-line-${text.slice(0, index).split('\n').length + 1}.${extension}`,
    code,
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
    jsx: 'react-jsx',
    paths: {
      '@goalgpt/livescore': ['../../src/index.ts'],
      '@goalgpt/livescore/client': ['../../src/client/index.ts'],
      '@goalgpt/livescore/migrations': ['../../migrations/index.ts'],
      '@goalgpt/livescore/rollout': ['../../src/rollout/index.ts'],
      '@goalgpt/livescore/broadcast': ['../../src/broadcast/index.ts'],
      '@goalgpt/livescore/settlement': ['../../src/settlement/index.ts'],
      '@goalgpt/livescore/terminus': ['../../src/terminus/index.ts'],
      '@goalgpt/livescore/testing': ['../../src/testing/index.ts'],
      '@goalgpt/livescore/operations': ['../../src/operations/index.ts'],
      '@goalgpt/livescore/tracing': ['../../src/tracing/index.ts'],
    },
  },
  include: ['*.ts', '*.tsx'],
};
writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(tsconfig));
try {
  execFileSync(process.execPath, ['node_modules/typescript7/bin/tsc', '-p', FOLDER], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  console.log(`${snippets.length} snippets compile`);
} catch {
  process.exitCode = 1;
} finally {
  rmSync(FOLDER, { recursive: true, force: true });
}
