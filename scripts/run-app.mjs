// Compiles the example application where its sources are newer than the build, then runs one of its entry files in
// this very process, so that signals reach it directly: node scripts/run-app.mjs examples/host/main [arguments].
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'dist', 'app', '.built');
const SOURCES = [
  ...['src', 'migrations', 'examples', 'bench', 'tools', 'test/support'],
  ...['tsconfig.base.json', 'tsconfig.examples.json'],
];

function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), mtimeMs);
}

function isBuilt() {
  const built = statSync(stamp, { throwIfNoEntry: false });
  return built !== undefined && SOURCES.every((source) => newest(join(root, source)) <= built.mtimeMs);
}

function build() {
  const startedAt = new Date();
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.examples.json'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(1);
  writeFileSync(stamp, '');
  utimesSync(stamp, startedAt, startedAt);
}

const [entry, ...args] = process.argv.slice(2);
if (!isBuilt()) build();
const compiled = join(root, 'dist', 'app', `${entry}.js`);
process.argv = [process.argv[0], compiled, ...args];
await import(pathToFileURL(compiled).href);
