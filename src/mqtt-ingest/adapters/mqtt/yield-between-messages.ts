import type { MqttClient } from 'mqtt';

const ALWAYS = (): boolean => true;

/**
 * mqtt.js handles all messages of a socket read, and of the reads that follow in a flood, on the microtask queue, where
 * nothing else gets a turn: neither the database's answers nor the WebSockets. Its documented hook `handleMessage` holds
 * back the next message until the callback, here until the event loop has been round, once every `every` messages.
 *
 * In a flood the answer to a ping waits behind the messages, and mqtt.js would take its absence for a dead connection.
 * Messages are life, too: while they come, it is told so; and because it then sends no ping of its own, one is sent, so
 * that the broker hears from us in time.
 *
 * @param admitNext asked after each message: may mqtt.js go on? If not, `goOn` is called when it may
 */
export function yieldBetweenMessages(
  client: MqttClient,
  every: number,
  admitNext: (goOn: () => void) => boolean = ALWAYS,
): void {
  let handled = 0;
  let aliveAtMs = performance.now();
  client.handleMessage = (_packet, done) => {
    if (!admitNext(done)) return;
    handled += 1;
    if (handled < every) {
      done();
      return;
    }
    handled = 0;
    const nowMs = performance.now();
    if (nowMs - aliveAtMs >= (client.keepalive * 1_000) / 4) {
      aliveAtMs = nowMs;
      client.reschedulePing(true);
      client.sendPing();
    }
    setImmediate(done);
  };
}
