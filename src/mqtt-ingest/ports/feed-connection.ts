/** The names that Nest's own MQTT server gives to these states. */
export type FeedConnectionState = 'connected' | 'reconnecting' | 'disconnected' | 'closed';

/** What the broker says about a message, as far as the ingest cares. */
export interface FeedPacket {
  /** kept by the broker from an unknown time, sent because we subscribed */
  readonly retain: boolean;
}

export interface FeedListener {
  /** Called in arrival order, once per message, synchronously. Must not throw. */
  onMessage(topic: string, payload: Uint8Array, packet: FeedPacket): void;
  onState(state: FeedConnectionState): void;
}

/** The one connection to the broker. It reconnects by itself until it is closed. */
export abstract class FeedConnection {
  /** Starts to connect and returns at once; the second call does nothing, nor does a call after `close`. */
  abstract open(listener: FeedListener): void;
  /** Asks the broker to send no more. The connection stays, so that acknowledgements can still leave. */
  abstract stopIntake(): void;
  /** Ends the connection within 1 s. Idempotent, safe before `open`. */
  abstract close(): Promise<void>;
  /** Registers a listener of the underlying client, also before `open`. */
  abstract on(event: string, listener: (...args: unknown[]) => void): void;
  /** The underlying client; null before `open`. */
  abstract client(): unknown;
}
