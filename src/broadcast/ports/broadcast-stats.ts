/** Counters since the start of the process, and what is true now. */
export interface BroadcastCounts {
  readonly activeConnections: number;
  readonly totalConnections: number;
  readonly totalDisconnections: number;
  /** sockets that asked for the endpoint and are not closed yet, clients included */
  readonly takenSockets: number;
  /** upgrades refused: no place, too many of one address, too often, no WebSocket, the process stood by or was closing */
  readonly refusedConnections: number;
  /** clients cut off because they sent more than they may */
  readonly floodingClients: number;
  /** clients cut off because they read too slowly, or left the most unread when all together left too much */
  readonly slowClients: number;
  /** clients cut off because they answered no ping */
  readonly deadClients: number;
  /** frames broadcast while at least one client was connected */
  readonly framesSent: number;
  /** milliseconds since the gateway opened; 0 before */
  readonly uptimeMs: number;
}

/** What health and metrics read about the WebSocket clients. Port and injection token in one. */
export abstract class BroadcastStats {
  /** path of the endpoint that clients connect to; null: there is none, for want of an HTTP server or for the host's broadcaster */
  abstract readonly endpoint: string | null;

  abstract counts(): BroadcastCounts;
}
