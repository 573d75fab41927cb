import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Aedes } from 'aedes';
import type { EmbeddedService } from './embedded-service.js';

/** An MQTT 3.1.1 broker inside this process, on a free port of the loopback address. */
export async function startEmbeddedBroker(): Promise<EmbeddedService> {
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  let stopped: Promise<void> | null = null;
  const stop = async () => {
    const closed = once(server, 'close');
    server.close();
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    await closed;
  };
  return {
    url: `mqtt://127.0.0.1:${port}`,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
