import type { Duplex } from 'node:stream';

/**
 * Takes a socket out of the list that Nest's Express adapter keeps with `forceCloseConnections`: it would destroy the socket before
 * the server closes, so that its client heard no goodbye. Who takes the socket ends it. Fastify and Node leave upgraded sockets alone.
 */
export function spareForcedClose(adapter: unknown, socket: Duplex): void {
  const { openConnections } = (adapter ?? {}) as { readonly openConnections?: unknown };
  if (openConnections instanceof Set) openConnections.delete(socket);
}
