import { describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { startBroker } from './broker.js';
import { eventually } from './eventually.js';
import { guardAgainstLeaks } from './leak-guard.js';

guardAgainstLeaks();

describe('startBroker', () => {
  it.each(['tcp', 'ws'] as const)('delivers over %s, and stop frees the port', async (listener) => {
    const broker = await startBroker({ listener });
    const client = await connectAsync(broker.url, { reconnectPeriod: 0 });
    const received: string[] = [];
    client.on('message', (_topic, payload) => received.push(payload.toString()));
    await client.subscribeAsync('a/b');
    await client.publishAsync('a/b', 'hello');
    await eventually(() => received.length === 1, { what: 'the message' });
    await client.endAsync();
    await broker.stop();
    await broker.stop();

    const again = await startBroker({ listener, port: broker.port });
    expect(again.port).toBe(broker.port);
    await again.stop();
  });
});
