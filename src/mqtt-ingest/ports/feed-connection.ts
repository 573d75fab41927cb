/** The names that Nest's own MQTT server gives to these states. */
export type FeedConnectionState = 'connected' | 'reconnecting' | 'disconnected' | 'closed';

/** What the broker says about a message, as far as the ingest cares. */
export interface FeedPacket {
  /** kept by the broker from an unknown time, sent because we subscribed */
  readonly retain: boolean;
  /** QoS 1 only: the broker sends again what it sent before, and was not told that we have it */
  readonly dup: boolean;
  /**
   * QoS 1 only: lets the broker forget its copy. To be called once, when the frame's effect or its dead letter is
   * committed; acknowledgements leave in the order of receipt, and never on another connection than the frame's.
   */
  readonly acknowledge?: () => void;
}

export interface FeedListener {
  /** A new connection, before its first message. `resumed`: the broker kept the session and sends again what was not acknowledged. */
  onSession(session: { readonly resumed: boolean }): void;
  /** Called in arrival order, once per message, synchronously. Must not throw. */
  onMessage(topic: string, payload: Uint8Array, packet: FeedPacket): void;
  /** The last message is not judged to its end: the next one had better wait for a turn of the event loop. */
  isBusy(): boolean;
  /** Called after each `onMessage`. Must not throw. */
  afterMessage(topic: string, payload: Uint8Array, packet: FeedPacket): void;
  onState(state: FeedConnectionState): void;
}

/**
 * The one connection to the broker. It reconnects by itself until it is closed, as far as the ingest lease permits: it
 * ends with its term, and is opened again when a term is confirmed.
 */
export abstract class FeedConnection {
  /**
   * Starts to connect and returns at once. The same listener again, or a call after `close`, changes nothing.
   * @throws Error for a second listener: there is one for life
   */
  abstract open(listener: FeedListener): void;
  /** Ends the connection, if there is one, for another one at once: the session goes on. */
  abstract renew(): void;
  /**
   * What still comes is neither handed out nor acknowledged, and no new connection is made. A clean session is
   * unsubscribed; a persistent one goes on collecting for whoever comes next. The connection stays for what it owes.
   */
  abstract stopIntake(): void;
  /**
   * Ends the connection when every acknowledgement has left, after 4 s at the latest, within another second.
   * Idempotent, safe before `open`.
   */
  abstract close(): Promise<void>;
  /** Registers a listener of the underlying client, also before `open`. */
  abstract on(event: string, listener: (...args: unknown[]) => void): void;
  /** The underlying client; null before `open`. */
  abstract client(): unknown;
}
