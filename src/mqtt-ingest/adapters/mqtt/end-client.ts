import type { IDisconnectPacket, MqttClient } from 'mqtt';
import { within } from '../../../kernel/deadline.js';
import type { Scheduler } from '../../../kernel/scheduler.js';

const CLOSE_TIMEOUT_MS = 1_000;

/** Says goodbye; a broker that does not close the connection within 1 s has it closed. */
export async function endClient(
  client: MqttClient,
  goodbye: Partial<IDisconnectPacket>,
  scheduler: Scheduler,
): Promise<void> {
  // A client without a connection has nothing to say goodbye to: its half-open socket goes at once.
  const ended = new Promise<true>((resolve) => client.end(!client.connected, goodbye, () => resolve(true)));
  if (!(await within(ended, CLOSE_TIMEOUT_MS, scheduler))) client.stream?.destroy();
}
