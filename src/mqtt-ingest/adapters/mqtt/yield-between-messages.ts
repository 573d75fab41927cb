import type { MqttClient } from 'mqtt';

/**
 * mqtt.js handles all messages of a socket read, and of the reads that follow in a flood, on the microtask queue, where
 * nothing else gets a turn: neither the database's answers nor the WebSockets. Its documented hook `handleMessage` holds
 * back the next message until the callback, here until the event loop has been round, once every `every` messages.
 */
export function yieldBetweenMessages(client: MqttClient, every: number): void {
  let handled = 0;
  client.handleMessage = (_packet, done) => {
    handled += 1;
    if (handled < every) {
      done();
      return;
    }
    handled = 0;
    setImmediate(done);
  };
}
