// A host as a process of its own: starts, answers, is used, and must end by itself after SIGTERM.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';

const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 60_000;

export function within(ms, what, promise) {
  const late = setTimeout(ms, undefined, { ref: false }).then(() => {
    throw new Error(`${what}: not within ${ms} ms`);
  });
  return Promise.race([promise, late]);
}

/** Below the ports that a system gives away by itself: it stays free until the host listens. */
async function freePort() {
  for (;;) {
    const port = randomInt(10_000, 30_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** Waits until the address answers with the text. */
export async function answers(url, text = '"ok":true') {
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const body = await fetch(url, { signal: AbortSignal.timeout(5_000) }).then((response) => response.text(), String);
    if (body.includes(text)) return;
    if (Date.now() > deadlineMs) throw new Error(`${url}: ${body}`);
    await setTimeout(100);
  }
}

/**
 * Runs the host from its start to its end by SIGTERM.
 * @param use is given its address once `/health` answers
 */
export async function runHost({ cwd, file, node = 'node', env }, use = async () => {}) {
  const port = await freePort();
  const child = spawn(node, [file], {
    cwd,
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (stdout += chunk));
  const exited = new Promise((done) => child.once('exit', (code, signal) => done(code ?? signal)));
  try {
    const early = exited.then((end) => Promise.reject(new Error(`the host ended with ${end} before it was told to`)));
    early.catch(() => undefined);
    await Promise.race([early, answers(`http://127.0.0.1:${port}/health`).then(() => use(`127.0.0.1:${port}`))]);
    child.kill('SIGTERM');
    const end = await within(STOP_TIMEOUT_MS, 'stop after SIGTERM', exited);
    if (end !== 0 && end !== 'SIGTERM') throw new Error(`ended with ${end}`);
    return stdout;
  } catch (error) {
    throw Object.assign(error, { stdout });
  } finally {
    child.kill('SIGKILL');
  }
}
