// Makes and closes the whole application of the example, again and again in this process, and prints what the heap holds after
// each garbage collection: node --expose-gc restarts-child.js RESTARTS.
import { readEnvironment } from '../../examples/host/environment.js';
import { startHost } from '../../examples/host/start-host.js';

const { gc } = globalThis;
if (!gc) throw new Error('node needs --expose-gc');

const restarts = Number(process.argv[2]);
for (let nth = 1; nth <= restarts; nth++) {
  const host = await startHost(readEnvironment(process.env), { logLevels: ['error'] });
  await host.close();
  // what closing left to the next turns
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
  const { heapUsed } = process.memoryUsage();
  console.log(JSON.stringify({ nth, heapUsed }));
}
// what keeps the process alive now was left behind
const left = process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'TCPSocketWrap');
console.log(JSON.stringify({ left }));
process.exit();
