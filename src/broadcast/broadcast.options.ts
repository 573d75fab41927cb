import { InvalidOptionError } from '../kernel/livescore.errors.js';

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

export type ResolvedBroadcastOptions = Required<BroadcastOptions>;

const MODULE = 'BroadcastModule';

/**
 * Fills in the defaults and checks every value.
 * @throws InvalidOptionError naming the option, what it must be and what was received
 */
export function resolveBroadcastOptions(options: BroadcastOptions = {}): ResolvedBroadcastOptions {
  return {
    path: absolutePath(options.path ?? '/ws'),
    pingIntervalMs: integer('pingIntervalMs', options.pingIntervalMs ?? 15_000, 10, 60_000),
    maxBufferedBytes: integer('maxBufferedBytes', options.maxBufferedBytes ?? 1_048_576, 1_024, 67_108_864),
    maxClients: integer('maxClients', options.maxClients ?? 10_000, 1, 100_000),
    maxMessageBytes: integer('maxMessageBytes', options.maxMessageBytes ?? 4_096, 64, 1_048_576),
    closeTimeoutMs: integer('closeTimeoutMs', options.closeTimeoutMs ?? 2_000, 0, 30_000),
  };
}

function absolutePath(path: unknown): string {
  if (typeof path === 'string' && /^\/[^?#\s]*$/.test(path)) return path;
  throw new InvalidOptionError(MODULE, 'path', 'a path that starts with "/" and has no query', path);
}

function integer(option: keyof BroadcastOptions, value: unknown, min: number, max: number): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  throw new InvalidOptionError(MODULE, option, `an integer from ${min} to ${max}`, value);
}
