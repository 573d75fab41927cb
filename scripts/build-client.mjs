// Bundles the client for browsers: one ES module without imports. `node scripts/build-client.mjs` writes it to where the
// example host serves it from, when a source is newer; with `--print` it goes to the standard output.
import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const ENTRY = join('src', 'client', 'index.ts');
/** what the client is made of, for the comparison of times */
const FOLDERS = [join('src', 'client'), join('src', 'broadcast', 'ports')];
export const CLIENT_BUNDLE = join(root, 'dist', 'app', 'live-client.js');

/** The bundle, and what it imports: nothing, or it is no client for browsers. */
export async function bundleClient() {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [ENTRY],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    metafile: true,
    write: false,
    outdir: 'out',
    logLevel: 'silent',
  });
  const [output] = Object.values(metafile.outputs);
  return {
    code: outputFiles[0].text,
    imports: output.imports.map(({ path }) => path),
    inputs: Object.keys(metafile.inputs),
  };
}

function changedAtMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestSourceMs() {
  const sources = FOLDERS.flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)));
  return Math.max(changedAtMs(fileURLToPath(import.meta.url)), ...sources.map(changedAtMs));
}

/** Another process may do the same at this moment: the file is there as a whole, or not yet. */
export async function buildClient() {
  if (changedAtMs(CLIENT_BUNDLE) > newestSourceMs()) return;
  const { code } = await bundleClient();
  const unfinished = `${CLIENT_BUNDLE}.${process.pid}`;
  mkdirSync(dirname(CLIENT_BUNDLE), { recursive: true });
  writeFileSync(unfinished, code);
  renameSync(unfinished, CLIENT_BUNDLE);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--print')) process.stdout.write((await bundleClient()).code);
  else await buildClient();
}
