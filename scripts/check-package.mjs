// Builds and packs the package, then looks at the tarball the way a host gets it. It is kept under the name that is given.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const DECLARED = new Set([...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]);
/** What travels; everything else in the tarball is a mistake. */
const ALLOWED_FILES =
  /^(package\.json|LICENSE|README\.md|CHANGELOG\.md|CONTRIBUTING\.md)$|^(dist\/(esm|cjs)|docs|examples\/(data|monitoring|pm2))\//;
const FORBIDDEN_FILES = /\.spec\.|\.tsbuildinfo$|\.env/;
const REQUIRED_FILES = [
  'LICENSE',
  'README.md',
  'package.json',
  'dist/cjs/package.json',
  manifest.bin.livescore,
  'docs/modules.md',
  'examples/data/worldcup-2022.json',
];
/** Who makes it, where it is, and where to complain. */
const REQUIRED_FIELDS = ['repository', 'homepage', 'bugs', 'license', 'description'];
const MACHINE_PATH = /(?<![\w.])\/(root|home|work|Users|tmp)\/[\w.-]/;
const SPECIFIER = /(?<![.'"])\b(?:from|import|require)\s*\(?\s*['"]([^'"\n]+)['"]/g;

const run = (command, args) =>
  execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'inherit'] });

/** Name of the package, when the specifier is not its root; undefined for what is allowed. */
function wrongImport(specifier) {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  if (builtinModules.includes(specifier)) return `${specifier} (write node:${specifier})`;
  if (specifier === manifest.name) return `${specifier} (itself)`;
  return DECLARED.has(specifier) ? undefined : `${specifier} (not the root of a dependency or peer)`;
}

function problemsOf(path, text) {
  if (path.endsWith('.map')) {
    return JSON.parse(text).sourcesContent ? [] : [`${path}: source map without its sources`];
  }
  const problems = MACHINE_PATH.test(text) ? [`${path}: names a machine path`] : [];
  if (!/^dist\/.*\.(js|d\.ts)$/.test(path)) return problems;
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const wrong = [...code.matchAll(SPECIFIER)].map(([, specifier]) => wrongImport(specifier)).filter(Boolean);
  return [...problems, ...wrong.map((reason) => `${path}: imports ${reason}`)];
}

/** Links of a page that lead to no file of the tarball: whoever has the package alone cannot follow them. */
function deadLinksOf(path, root) {
  const text = readFileSync(join(root, path), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  const targets = [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].map(([, target]) => target);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(path), target)))
    .map((target) => `${path}: links to ${target}, which is not in the tarball`);
}

function checkTarball(folder) {
  const [{ filename, files, size }] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]),
  );
  const tarball = join(folder, filename);
  const paths = files.map(({ path }) => path);
  run('tar', ['-xzf', tarball, '-C', folder]);
  const problems = [
    ...REQUIRED_FIELDS.filter((field) => !manifest[field]).map((field) => `package.json: no ${field}`),
    ...paths
      .filter((path) => FORBIDDEN_FILES.test(path) || !ALLOWED_FILES.test(path))
      .map((path) => `${path}: must not be published`),
    ...paths.filter((path) => path.endsWith('.md')).flatMap((path) => deadLinksOf(path, join(folder, 'package'))),
    ...REQUIRED_FILES.map((path) => path.replace(/^\.\//, ''))
      .filter((path) => !paths.includes(path))
      .map((path) => `${path}: missing`),
    ...paths.flatMap((path) => problemsOf(path, readFileSync(join(folder, 'package', path), 'utf8'))),
  ];
  console.log(`${filename}: ${paths.length} files, ${Math.round(size / 1024)} KiB`);
  console.log(run('npx', ['publint', '--strict', tarball]));
  console.log(run('npx', ['attw', tarball, '--format', 'ascii', '--no-emoji']));
  const [, , kept] = process.argv;
  if (kept) copyFileSync(tarball, kept);
  return problems;
}

const folder = mkdtempSync(join(tmpdir(), 'livescore-package-'));
try {
  run('npm', ['run', 'build', '--silent']);
  const problems = checkTarball(folder);
  if (problems.length > 0) throw new Error(`the tarball is not fit to publish:\n${problems.join('\n')}`);
} catch (error) {
  console.error(error.stdout || error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
