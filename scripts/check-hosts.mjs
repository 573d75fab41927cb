// Packs the package and uses it as a host does: a Nest 11 CommonJS application and a Nest 12 ESM application
// (test/package/hosts) install the tarball, compile against it, run their own jest, start, answer and stop.
import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import startServices from '../test/support/global-setup.mjs';
import stopServices from '../test/support/global-teardown.mjs';

const HOSTS = resolve('test/package/hosts');
const COMMAND_TIMEOUT_MS = 180_000;
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;
/** A feed that is down must not keep a host from starting. */
const UNREACHABLE_BROKER = 'mqtt://127.0.0.1:1';
const execute = promisify(execFile);

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
    runsReadme: true,
    load: (entry) => ['--input-type=module', '-e', `import '${entry}'`],
  },
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

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

function within(ms, what, promise) {
  const late = setTimeout(ms, undefined, { ref: false }).then(() => {
    throw new Error(`${what}: not within ${ms} ms`);
  });
  return Promise.race([promise, late]);
}

/** One process that must answer on /health and end by itself after SIGTERM. */
async function startAnswerStop(cwd, file, databaseUrl) {
  const port = await freePort();
  const child = spawn('node', [file], {
    cwd,
    env: { ...process.env, DATABASE_URL: databaseUrl, PORT: String(port), MQTT_URL: UNREACHABLE_BROKER },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (stdout += chunk));
  const exited = new Promise((done) => child.once('exit', (code, signal) => done(code ?? signal)));
  try {
    const early = exited.then((end) => Promise.reject(new Error(`the host ended with ${end} before it answered`)));
    await Promise.race([early, answers(`http://127.0.0.1:${port}/health`)]);
    child.kill('SIGTERM');
    const end = await within(STOP_TIMEOUT_MS, 'stop after SIGTERM', exited);
    if (end !== 0 && end !== 'SIGTERM') throw new Error(`ended with ${end}`);
  } catch (error) {
    throw Object.assign(error, { stdout });
  } finally {
    child.kill('SIGKILL');
  }
}

async function answers(url) {
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const body = await fetch(url, { signal: AbortSignal.timeout(5_000) }).then((response) => response.text(), String);
    if (body.includes('"ok":true')) return;
    if (Date.now() > deadlineMs) throw new Error(`${url}: ${body}`);
    await setTimeout(100);
  }
}

/** The first TypeScript block of the README: the host module that is there to be copied. */
function readmeHost() {
  return /^```ts\n([\s\S]*?)^```$/m.exec(readFileSync('README.md', 'utf8'))[1];
}

async function checkHost(host, tarball, folder, databaseUrl) {
  const cwd = join(folder, host.name);
  const run = (command, args, env = {}) =>
    execute(command, args, {
      cwd,
      env: { ...process.env, DATABASE_URL: databaseUrl, ...env },
      timeout: COMMAND_TIMEOUT_MS,
      maxBuffer: 1 << 26,
    });
  const label = (what) => `${host.name}: ${what}`;

  cpSync(join(HOSTS, 'src'), join(cwd, 'src'), { recursive: true });
  cpSync(join(HOSTS, host.name), cwd, { recursive: true });
  if (host.runsReadme) writeFileSync(join(cwd, 'src', 'readme.ts'), readmeHost());
  writeFileSync(
    join(cwd, 'jest.config.json'),
    JSON.stringify({ ...host.jest, testMatch: ['**/*.test.ts'], moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' } }),
  );
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--no-save'];
  if (!(await check(label('installs the tarball'), () => run('npm', [...install, tarball])))) return;

  for (const [resolution, options] of Object.entries(host.resolutions)) {
    writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify(tsconfig({ ...options, noEmit: options !== NODENEXT })));
    await check(label(`types, ${resolution}`), () => run('npx', ['tsc', '-p', '.']));
  }
  for (const entry of ['', '/broadcast', '/client', '/rollout', '/settlement', '/migrations', '/testing'].map(
    (path) => `@goalgpt/livescore${path}`,
  )) {
    await check(label(`loads ${entry}`), () => run('node', host.load(entry)));
  }
  await check(label('its own jest'), () => run('npx', ['jest', '--ci'], { NODE_OPTIONS: host.nodeOptions }));
  const programs = host.runsReadme ? ['main', 'readme'] : ['main'];
  for (const program of programs) {
    await check(label(`${program} starts, answers /health, stops`), () =>
      startAnswerStop(cwd, `dist/${program}.js`, databaseUrl),
    );
  }
  await check(label('livescore --help'), () => run('npx', ['livescore', '--help']));
}

async function pack(tarball) {
  await execute('npm', ['run', 'build', '--silent']);
  const { stdout } = await execute('npm', [
    'pack',
    '--json',
    '--ignore-scripts',
    '--pack-destination',
    dirname(tarball),
  ]);
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

const folder = mkdtempSync(join(tmpdir(), 'livescore-hosts-'));
await startServices();
try {
  const tarball = join(folder, 'livescore.tgz');
  if (await check('builds and packs', () => pack(tarball))) {
    await Promise.all(
      hosts.map((host, index) =>
        withDatabase(`livescore_host_${process.pid}_${index}`, (url) => checkHost(host, tarball, folder, url)),
      ),
    );
  }
} finally {
  await stopServices();
  rmSync(folder, { recursive: true, force: true });
}
console.log(failures === 0 ? 'both hosts work' : `${failures} checks failed`);
process.exitCode = failures === 0 ? 0 : 1;
