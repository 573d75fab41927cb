import type { IDisconnectPacket, MqttClient } from 'mqtt';

const CLOSE_TIMEOUT_MS = 1_000;

/** Says goodbye; a broker that does not close the connection within 1 s has it closed. */
export async function endClient(client: MqttClient, goodbye: Partial<IDisconnectPacket>): Promise<void> {
  await new Promise<void>((resolve) => {
    const timeout = setTimeout(() => {
      client.stream.destroy();
      resolve();
    }, CLOSE_TIMEOUT_MS);
    // A client without a connection has nothing to say goodbye to: its half-open socket goes at once.
    client.end(!client.connected, goodbye, () => {
      clearTimeout(timeout);
      resolve();
    });
  });
}
