import { describe, expect, it } from '@jest/globals';
import type { IPublishPacket, MqttClient } from 'mqtt';
import { yieldBetweenMessages } from './yield-between-messages.js';

const packet: IPublishPacket = { cmd: 'publish', topic: 'a', payload: '', qos: 0, dup: false, retain: false };

/** Hands out `messages` packets the way mqtt.js does: the next one when the hook has called back. */
async function turnsDuring(messages: number, every: number): Promise<number> {
  const client: Pick<MqttClient, 'handleMessage' | 'keepalive'> = {
    keepalive: 60,
    handleMessage: (_packet, done) => done(),
  };
  yieldBetweenMessages(client as MqttClient, every);
  let turns = 0;
  let running = true;
  const countTurns = () => {
    if (!running) return;
    turns += 1;
    setImmediate(countTurns);
  };
  setImmediate(countTurns);
  for (let i = 0; i < messages; i += 1)
    await new Promise<void>((resolve) => client.handleMessage(packet, () => resolve()));
  running = false;
  return turns;
}

describe('yieldBetweenMessages', () => {
  it('lets the event loop go round once per batch', async () => {
    expect(await turnsDuring(1_280, 128)).toBe(10);
  });

  it('gives no turn inside a batch', async () => {
    expect(await turnsDuring(127, 128)).toBe(0);
  });
});
