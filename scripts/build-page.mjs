// Bundles the operations page into src/operations/page/assets.generated.ts: one html, one css, one script and what loads it, as strings. It is no
// part of the sources: `npm run build`, the tests and the programs write it when a source is newer. `--check` weighs it.
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { minifySync } from '@swc/core';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const PAGE = join(root, 'src', 'operations', 'page');
const OUTPUT = join(PAGE, 'assets.generated.ts');
/** html, css and script together, gzipped */
const MOST_BYTES = 40 * 1_024;
const UPLOT = join(root, 'node_modules', 'uplot');
/** what the script of the page is made of beside its own folder, for the comparison of times */
const FOLDERS = [join(root, 'src', 'client'), join(root, 'src', 'broadcast', 'ports'), join(root, 'src', 'operations')];
/** An inline script or style would need a hole in the policy of the page. */
const INLINE = /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=/i;

const COMMON = { absWorkingDir: root, bundle: true, minify: true, charset: 'utf8', write: false, logLevel: 'silent' };

/** What the page never draws: other paths than lines and points, other scales than plain ones, bands, joined tables, zooming, dates as texts. */
const UNUSED_BY_NAME =
  /^\t*\(?(uPlot|paths)\.(stepped|bars|spline|join|fmtDate|addGap|clipGaps|fmtNum|range(Log|Asinh)|orient|tzDate|assign) *= .*\n/gm;
const UNUSED =
  'rangeLog rangeAsinh logAxisSplits asinhAxisSplits log10AxisValsFilt log2AxisValsFilt snapLogY snapAsinhY clipBandLine ' +
  'timeAxisStamps timeAxisVals timeAxisVal timeSeriesStamp timeSeriesVal fmtDate mouseDown mouseUp dblClick addSeries delSeries addBand delBand destroy';

/** uPlot without them: a third of the page's weight would be functions that nobody calls. */
const smallerPlots = {
  name: 'smaller-plots',
  setup(building) {
    building.onLoad({ filter: /uPlot\.esm\.js$/ }, ({ path }) => {
      const whole = readFileSync(path, 'utf8').replaceAll(UNUSED_BY_NAME, '');
      const contents = UNUSED.split(' ').reduce((text, name) => withoutBody(text, name), whole);
      return { contents, loader: 'js' };
    });
  },
};

function withoutBody(text, name) {
  const shorter = text.replace(new RegExp(`^(\\t?)function ${name}\\(.*?^\\1}\\n`, 'ms'), `function ${name}() {}\n`);
  if (shorter === text) throw new Error(`uPlot has no function ${name} any more`);
  return shorter;
}

async function scriptText() {
  const { metafile, outputFiles } = await build({
    ...COMMON,
    entryPoints: [join(PAGE, 'browser', 'main.ts')],
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    metafile: true,
    outdir: 'out',
    plugins: [smallerPlots],
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  if (imports.length > 0) throw new Error(`The script of the page imports ${imports.join(', ')}`);
  // names by how often they occur: a kilobyte less after gzip
  const { code } = minifySync(outputFiles[0].text, {
    module: true,
    ecma: 2022,
    compress: { passes: 2, ecma: 2022 },
    mangle: { toplevel: true },
    format: { comments: false, ecma: 2022 },
  });
  return `/*! uPlot 1.6.32, in parts\n${licenceText()}*/\n${code}`;
}

function licenceText() {
  return readFileSync(join(UPLOT, 'LICENSE'), 'utf8');
}

async function styleText() {
  const { outputFiles } = await build({ ...COMMON, entryPoints: [join(PAGE, 'page.css')], outdir: 'out' });
  return outputFiles[0].text;
}

function htmlText() {
  const text = readFileSync(join(PAGE, 'page.html'), 'utf8')
    .replaceAll(/<!--.*?-->/gs, '')
    .replaceAll(/\s*\n\s*/g, '\n')
    .trim();
  if (INLINE.test(text)) throw new Error(`page.html has an inline script or style: ${INLINE.exec(text)[0]}`);
  return `${text}\n`;
}

function startText() {
  return minifySync(readFileSync(join(PAGE, 'start.js'), 'utf8'), { module: true, ecma: 2022 }).code;
}

function sourceText({ html, css, js, start }) {
  return `// Generated from the sources of the page by scripts/build-page.mjs: change those, not this.

/** The page's document. \`%BASE%\` stands for the folder of its files, relative to its own address. */
export const PAGE_HTML: string = ${JSON.stringify(html)};

/** The page's styles, those of uPlot included. */
export const PAGE_CSS: string = ${JSON.stringify(css)};

/** Loads the script after the first text. */
export const PAGE_START: string = ${JSON.stringify(start)};

/** The page's script, uPlot (MIT) and the live client included. */
export const PAGE_JS: string = ${JSON.stringify(js)};
`;
}

export async function bundlePage() {
  const [js, css] = await Promise.all([scriptText(), styleText()]);
  return { html: htmlText(), css, js, start: startText() };
}

function weightOf(assets) {
  return Object.values(assets).reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
}

function changedAtMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestSourceMs() {
  const sources = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((name) => join(folder, name)),
  ).filter((path) => path !== OUTPUT && /\.(ts|js|css|html)$/.test(path));
  return Math.max(changedAtMs(fileURLToPath(import.meta.url)), ...sources.map(changedAtMs));
}

/** Another process may do the same at this moment: the file is there as a whole, or not yet. */
export async function buildPage() {
  if (changedAtMs(OUTPUT) > newestSourceMs()) return;
  const unfinished = `${OUTPUT}.${process.pid}`;
  writeFileSync(unfinished, sourceText(await bundlePage()));
  renameSync(unfinished, OUTPUT);
}

async function weigh() {
  const bytes = weightOf(await bundlePage());
  if (bytes > MOST_BYTES) throw new Error(`${bytes} bytes gzipped are more than ${MOST_BYTES}`);
  console.log(`operations page: ${bytes} bytes gzipped of at most ${MOST_BYTES}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await (process.argv.includes('--check') ? weigh() : buildPage());
  } catch (error) {
    console.error(`The operations page is not fit to be served:\n${error.message}`);
    process.exitCode = 1;
  }
}
