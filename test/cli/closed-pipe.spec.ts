import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

it('ends in silence when nobody reads what a command prints: livescore | head', async () => {
  const child = spawn(process.execPath, ['scripts/run-app.mjs', 'src/cli/main', 'help'], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [exitCode] = await once(child, 'close');
  expect([exitCode, stderr]).toEqual([0, '']);
});
