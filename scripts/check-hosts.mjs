// Packs the package and uses it as a host does: a Nest 11 CommonJS application and a Nest 12 ESM application
// (test/package/hosts) install the tarball, compile against it, run their own jest, start, answer and stop.
import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import startServices from '../test/support/global-setup.mjs';
import stopServices from '../test/support/global-teardown.mjs';

const HOSTS = resolve('test/package/hosts');
const COMMAND_TIMEOUT_MS = 180_000;
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;
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

function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function startAnswerStop(cwd) {
  const child = spawn('node', ['dist/main.js'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const exited = new Promise((done) => child.once('exit', (code, signal) => done({ code, signal })));
  const ready = new Promise((done, fail) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        const url = /^ready (\S+)$/m.exec(output)?.[1];
        if (url) done(url);
      });
    }
    exited.then(() => fail(new Error('the host ended before it was ready')));
  });
  try {
    const url = await within(START_TIMEOUT_MS, 'start', ready);
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(5_000) });
    const body = await response.text();
    if (response.status !== 200 || !body.includes('"ok":true')) throw new Error(`/health: ${response.status} ${body}`);
    child.kill('SIGTERM');
    const { code, signal } = await within(STOP_TIMEOUT_MS, 'stop after SIGTERM', exited);
    if (code !== 0 && signal !== 'SIGTERM') throw new Error(`ended with ${code ?? signal}`);
  } catch (error) {
    throw Object.assign(error, { stdout: output });
  } finally {
    child.kill('SIGKILL');
  }
}

async function checkHost(host, tarball, folder) {
  const cwd = join(folder, host.name);
  const run = (command, args, env = {}) =>
    execute(command, args, { cwd, env: { ...process.env, ...env }, timeout: COMMAND_TIMEOUT_MS, maxBuffer: 1 << 26 });
  const label = (what) => `${host.name}: ${what}`;

  cpSync(join(HOSTS, host.name), cwd, { recursive: true });
  cpSync(join(HOSTS, 'src'), join(cwd, 'src'), { recursive: true });
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
  for (const entry of ['@goalgpt/livescore', '@goalgpt/livescore/migrations', '@goalgpt/livescore/testing']) {
    await check(label(`loads ${entry}`), () => run('node', host.load(entry)));
  }
  await check(label('its own jest'), () => run('npx', ['jest', '--ci'], { NODE_OPTIONS: host.nodeOptions }));
  await check(label('starts, answers /health, stops'), () => startAnswerStop(cwd));
  await check(label('livescore --help'), () => run('npx', ['livescore', '--help']));
}

async function pack(tarball) {
  await execute('npm', ['run', 'build', '--silent']);
  const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', dirname(tarball)]);
  renameSync(join(dirname(tarball), JSON.parse(stdout)[0].filename), tarball);
}

const folder = mkdtempSync(join(tmpdir(), 'livescore-hosts-'));
await startServices();
try {
  const tarball = join(folder, 'livescore.tgz');
  if (await check('builds and packs', () => pack(tarball))) {
    for (const host of hosts) await checkHost(host, tarball, folder);
  }
} finally {
  await stopServices();
  rmSync(folder, { recursive: true, force: true });
}
console.log(failures === 0 ? 'both hosts work' : `${failures} checks failed`);
process.exitCode = failures === 0 ? 0 : 1;
