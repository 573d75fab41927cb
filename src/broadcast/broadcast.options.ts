import { optionsOf } from '../kernel/options.js';
import { checked, integer, object } from '../kernel/options-rules.js';
export interface BroadcastOptions {
  /** Path of the WebSocket endpoint, exact, without query; not moved by the host's global prefix. @default '/ws' */
  readonly path?: string;
  /** Milliseconds between two PING frames to every client, 10–60,000. @default 15000 */
  readonly pingIntervalMs?: number;
  /** Bytes a client may leave unread before it is cut off, 1,024–67,108,864. @default 1048576 */
  readonly maxBufferedBytes?: number;
  /** Clients of this process, 1–100,000; more are refused with HTTP 503. @default 10000 */
  readonly maxClients?: number;
  /** Longest message a client may send, bytes, 64–1,048,576; a longer one closes it with code 1009. @default 4096 */
  readonly maxMessageBytes?: number;
  /** Milliseconds clients get to answer the close frame at shutdown, 0–30,000. @default 2000 */
  readonly closeTimeoutMs?: number;
}

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedBroadcastOptions extends optionsOf(
  'BroadcastModule',
  object({
    path: checked('a path that starts with "/" and has no query', isPath, '/ws'),
    pingIntervalMs: integer({ default: 15_000, min: 10, max: 60_000, unit: 'ms' }),
    maxBufferedBytes: integer({ default: 1_048_576, min: 1_024, max: 67_108_864, unit: 'bytes' }),
    maxClients: integer({ default: 10_000, min: 1, max: 100_000 }),
    maxMessageBytes: integer({ default: 4_096, min: 64, max: 1_048_576, unit: 'bytes' }),
    closeTimeoutMs: integer({ default: 2_000, min: 0, max: 30_000, unit: 'ms' }),
  }),
) {}

/** @throws InvalidOptionError */
export function resolveBroadcastOptions(options?: BroadcastOptions): ResolvedBroadcastOptions {
  return new ResolvedBroadcastOptions(options);
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && /^\/[^?#\s]*$/.test(value);
}
