import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

export interface UpgradeTap {
  /** Tells by the request whether the upgrade is ours. */
  wants(request: IncomingMessage): boolean;
  /** Takes an upgrade of ours; nobody else sees it. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Answers an upgrade that nobody has a listener for. */
  nobodyWants(server: Server, request: IncomingMessage, socket: Duplex): void;
  /** The host began to close its server, which waits for every open socket. */
  serverClosing(): void;
}

/**
 * Takes the upgrades that `tap` wants before any `upgrade` listener of the server can see them, and nothing else: Nest's
 * WsAdapter destroys and engine.io times out every socket of a path it does not know, and a listener cannot stop
 * the others. So `emit` of this one server object is shadowed for the one event, and `close` to learn of it.
 * See docs/adr/0003-own-websocket-upgrade.md.
 * @returns removes the tap again
 */
export function tapUpgrades(server: Server, tap: UpgradeTap): () => void {
  const passOn = shadow(server, 'emit', (original) => (event: unknown, ...values: unknown[]) => {
    if (event === 'upgrade') {
      const [request, socket, head] = values as [IncomingMessage, Duplex, Buffer];
      if (isAnswering(socket)) {
        socket.on('error', () => undefined).destroy();
        return true;
      }
      if (tap.wants(request)) {
        tap.take(request, socket, head);
        return true;
      }
    }
    return original(event, ...values);
  });
  const keepOpen = shadow(server, 'close', (original) => (...values: unknown[]) => {
    const result = original(...values);
    tap.serverClosing();
    return result;
  });
  // Node emits `upgrade` only when somebody listens. Where the host has no listener of its own, requests that ask for
  // another protocol must go on to be answered as plain requests.
  const onlyListener = (request: IncomingMessage, socket: Duplex) => {
    if (server.listenerCount('upgrade') === 1) tap.nobodyWants(server, request, socket);
  };
  server.on('upgrade', onlyListener);
  return () => {
    server.off('upgrade', onlyListener);
    passOn();
    keepOpen();
  };
}

/**
 * Is an earlier request of this connection still being answered? Node emits `upgrade` all the same, and two answers cannot
 * be written into one connection.
 */
function isAnswering(socket: Duplex): boolean {
  return Boolean((socket as { readonly _httpMessage?: unknown })._httpMessage);
}

type Method = (...values: unknown[]) => unknown;

/** Puts an own property over a method. Somebody may shadow it after us: then only our part ends, and theirs stays. */
function shadow(server: Server, name: 'emit' | 'close', replace: (original: Method) => Method): () => void {
  const own = Object.getOwnPropertyDescriptor(server, name);
  const original: Method = (server[name] as Method).bind(server);
  const replacement = replace(original);
  let active = true;
  const shadowing: Method = (...values) => (active ? replacement(...values) : original(...values));
  Object.defineProperty(server, name, { value: shadowing, configurable: true, writable: true, enumerable: false });
  return () => {
    active = false;
    if (Object.getOwnPropertyDescriptor(server, name)?.value !== shadowing) return;
    if (own) Object.defineProperty(server, name, own);
    else Reflect.deleteProperty(server, name);
  };
}
