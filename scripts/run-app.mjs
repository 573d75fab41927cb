// Compiles what is newer than its compiled form, then runs an entry file of the example application or the tools in this
// very process, so that signals reach it directly: node scripts/run-app.mjs examples/host/main [arguments].
// Types are nobody's business here: `npm run typecheck` looks at them.
import { mkdirSync, readdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformFileSync } from '@swc/core';
import { buildClient } from './build-client.mjs';
import { buildPage } from './build-page.mjs';
import { swcOptions } from './swc-options.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const FOLDERS = ['src', 'migrations', 'examples', 'bench', 'tools', 'test'];
const optionsAtMs = changedAtMs(join(root, 'scripts', 'swc-options.mjs'));

function changedAtMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function sources() {
  return FOLDERS.flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter(({ name }) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map(({ name, parentPath }) => join(parentPath, name));
}

const compiledOf = (source) => join(root, 'dist', 'app', relative(root, source).replace(/\.ts$/, '.js'));

function isOutdated(source) {
  return changedAtMs(compiledOf(source)) < Math.max(changedAtMs(source), optionsAtMs);
}

/** Another process may do the same at this moment: a file is there as a whole, or not yet. */
function compile(source) {
  const startedAt = new Date();
  const target = compiledOf(source);
  const unfinished = `${target}.${process.pid}`;
  const { code } = transformFileSync(source, { ...swcOptions, sourceMaps: 'inline' });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(unfinished, code);
  utimesSync(unfinished, startedAt, startedAt);
  renameSync(unfinished, target);
}

const [entry, ...args] = process.argv.slice(2);
await Promise.all([buildClient(), buildPage()]);
for (const source of sources().filter(isOutdated)) compile(source);
const compiled = join(root, 'dist', 'app', `${entry}.js`);
process.argv = [process.argv[0], compiled, ...args];
await import(pathToFileURL(compiled).href);
