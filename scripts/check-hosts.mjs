// Packs the package and uses it as its hosts do. Two newcomers do what README.md says, word for word, in what `nest new` makes
// of Nest 11 and 12 (test/package/newcomers). Two hosts with everything (test/package/hosts) compile against the tarball in each
// way of resolving modules, run their own jest, start, answer and stop.
//
// | application | modules | HTTP | TypeORM | Node |
// |---|---|---|---|---|
// | newcomer on Nest 11 | CommonJS | Express | 1 | this one, 22 |
// | newcomer on Nest 12 | ESM | Express | 1 | this one, 24 |
// | host on Nest 11, with jest and a cache | CommonJS | Express | 0.3 | this one |
// | host on Nest 12, with jest and options from @nestjs/config | ESM | Fastify | 1 | this one |
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { runHost } from '../test/package/follow/host-process.mjs';
import { checkInstallLine, followReadme, startBroker, useHost } from '../test/package/follow/newcomer.mjs';
import { installOnNest11, installOnNest12, optionsFromEnvironment } from '../test/package/follow/readme.mjs';
import startServices from '../test/support/global-setup.mjs';
import stopServices from '../test/support/global-teardown.mjs';

const HOSTS = resolve('test/package/hosts');
const NEWCOMERS = resolve('test/package/newcomers');
const COMMAND_TIMEOUT_MS = 400_000;
/** A feed that is down must not keep a host from starting. */
const UNREACHABLE_BROKER = 'mqtt://127.0.0.1:1';
const execute = promisify(execFile);
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

const NODENEXT = { module: 'nodenext' };
const hosts = [
  {
    name: 'nest11-cjs',
    resolutions: {
      'nodenext CommonJS': NODENEXT,
      node10: { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
    },
    jest: { transform: swc('commonjs') },
    nodeOptions: '',
    load: (entry) => ['-e', `require('${entry}')`],
  },
  {
    name: 'nest12-esm',
    resolutions: {
      'nodenext ESM': NODENEXT,
      bundler: { module: 'esnext', moduleResolution: 'bundler' },
    },
    jest: { transform: swc('es6'), extensionsToTreatAsEsm: ['.ts'] },
    nodeOptions: '--experimental-vm-modules',
    sources: { 'live-score.config.ts': optionsFromEnvironment },
    load: (entry) => ['--input-type=module', '-e', `import '${entry}'`],
  },
];
const newcomers = [
  { name: 'nest11', install: installOnNest11, otherNode: '22' },
  { name: 'nest12', install: installOnNest12, otherNode: '24' },
];

function swc(type) {
  const transform = { legacyDecorator: true, decoratorMetadata: true };
  const jsc = { target: 'es2023', parser: { syntax: 'typescript', decorators: true }, transform };
  return { '^.+\\.ts$': ['@swc/jest', { swcrc: false, module: { type }, jsc }] };
}

function tsconfig(compilerOptions) {
  return {
    compilerOptions: {
      target: 'es2023',
      strict: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      esModuleInterop: true,
      skipLibCheck: true,
      rootDir: 'src',
      outDir: 'dist',
      types: ['node', 'jest'],
      ...compilerOptions,
    },
    include: ['src'],
  };
}

let failures = 0;
async function check(name, work) {
  const startedMs = Date.now();
  try {
    await work();
    console.log(`ok    ${name} (${Math.round((Date.now() - startedMs) / 1000)} s)`);
    return true;
  } catch (error) {
    failures += 1;
    console.error(`FAIL  ${name}: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
    return false;
  }
}

/** Runs commands in the folder of an application. */
function runnerIn(cwd, databaseUrl) {
  const npm = { npm_config_audit: 'false', npm_config_fund: 'false', npm_config_prefer_offline: 'true' };
  return (command, args, env = {}) =>
    execute(command, args, {
      cwd,
      env: { ...process.env, ...npm, DATABASE_URL: databaseUrl, ...env },
      timeout: COMMAND_TIMEOUT_MS,
      maxBuffer: 1 << 26,
    });
}

async function checkNewcomer({ name, install, otherNode }, tarball, folder, databaseUrl) {
  const cwd = join(folder, `newcomer-${name}`);
  mkdirSync(cwd);
  const run = runnerIn(cwd, databaseUrl);
  const labelled = (what, work) => check(`newcomer, ${name}: ${what}`, work);
  const application = join(NEWCOMERS, name);
  await labelled('the install line names every package', async () => checkInstallLine(install, manifest, application));
  const other = obtainNode(otherNode, folder, databaseUrl);
  const isReady = await followReadme({ application, install, tarball, cwd, run, check: labelled });
  const nodes = [{ version: process.versions.node, node: process.execPath }, ...(await other)];
  if (!isReady) return;
  const broker = await startBroker();
  await useHost({ cwd, run, check: labelled, nodes, databaseUrl, mqttUrl: broker.url }).finally(broker.stop);
}

/** Another Node, from the npm registry; none where there is none for this machine. */
async function obtainNode(major, folder, databaseUrl) {
  if (process.versions.node.startsWith(`${major}.`)) return [];
  const name = `node-${process.platform}-${process.arch}`;
  const cwd = join(folder, `node-${major}`);
  mkdirSync(cwd);
  const run = runnerIn(cwd, databaseUrl);
  try {
    await run('npm', ['install', '--prefix', cwd, '--ignore-scripts', '--loglevel=error', `${name}@${major}`]);
    const node = join(cwd, 'node_modules', name, 'bin', 'node');
    const { stdout } = await run(node, ['--version']);
    return [{ version: stdout.trim().slice(1), node }];
  } catch (error) {
    console.log(`skip  Node ${major}: ${name}@${major} cannot be had here (${error.message.split('\n')[0]})`);
    return [];
  }
}

async function checkHost(host, tarball, folder, databaseUrl) {
  const cwd = join(folder, host.name);
  const run = runnerIn(cwd, databaseUrl);
  const label = (what) => `${host.name}: ${what}`;

  cpSync(join(HOSTS, 'src'), join(cwd, 'src'), { recursive: true });
  cpSync(join(HOSTS, host.name), cwd, { recursive: true });
  for (const [file, text] of Object.entries(host.sources ?? {})) writeFileSync(join(cwd, 'src', file), text);
  writeFileSync(
    join(cwd, 'jest.config.json'),
    JSON.stringify({ ...host.jest, testMatch: ['**/*.test.ts'], moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' } }),
  );
  const install = ['install', '--ignore-scripts', '--no-save'];
  if (!(await check(label('installs the tarball'), () => run('npm', [...install, tarball])))) return;

  for (const [resolution, options] of Object.entries(host.resolutions)) {
    writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify(tsconfig({ ...options, noEmit: options !== NODENEXT })));
    await check(label(`types, ${resolution}`), () => run('npx', ['tsc', '-p', '.']));
  }
  for (const entry of [
    '',
    '/broadcast',
    '/client',
    '/operations',
    '/rollout',
    '/settlement',
    '/migrations',
    '/terminus',
    '/tracing',
    '/testing',
  ].map((path) => `@goalgpt/livescore${path}`)) {
    await check(label(`loads ${entry}`), () => run('node', host.load(entry)));
  }
  await check(label('its own jest'), () => run('npx', ['jest', '--ci'], { NODE_OPTIONS: host.nodeOptions }));
  const env = { DATABASE_URL: databaseUrl, MQTT_URL: UNREACHABLE_BROKER };
  await check(label('starts, answers /health, stops'), () => runHost({ cwd, file: 'dist/main.js', env }));
  await check(label('livescore --help'), () => run('npx', ['livescore', '--help']));
}

async function pack(tarball) {
  await execute('npm', ['run', 'build', '--silent']);
  const { stdout } = await execute(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', dirname(tarball)],
    { maxBuffer: 1 << 26 },
  );
  renameSync(join(dirname(tarball), JSON.parse(stdout)[0].filename), tarball);
}

/** A database of each host's own. */
async function withDatabase(name, work) {
  const server = process.env.DATABASE_URL;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  try {
    await work(Object.assign(new URL(server), { pathname: `/${name}` }).href);
  } finally {
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await client.end();
  }
}

const startedMs = Date.now();
const folder = mkdtempSync(join(tmpdir(), 'livescore-hosts-'));
await startServices();
try {
  const tarball = join(folder, 'livescore.tgz');
  const given = process.argv[2];
  if (given) cpSync(given, tarball);
  if (given || (await check('builds and packs', () => pack(tarball)))) {
    const works = [
      ...newcomers.map((one) => (url) => checkNewcomer(one, tarball, folder, url)),
      ...hosts.map((one) => (url) => checkHost(one, tarball, folder, url)),
    ];
    await Promise.all(works.map((work, index) => withDatabase(`livescore_host_${process.pid}_${index}`, work)));
  }
} finally {
  await stopServices();
  rmSync(folder, { recursive: true, force: true });
}
const seconds = Math.round((Date.now() - startedMs) / 1000);
console.log(failures === 0 ? `newcomers and hosts work (${seconds} s)` : `${failures} checks failed (${seconds} s)`);
process.exitCode = failures === 0 ? 0 : 1;
