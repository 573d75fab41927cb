/** Counters since the start of the process, and what is true now. */
export interface BroadcastCounts {
  readonly activeConnections: number;
  readonly totalConnections: number;
  readonly totalDisconnections: number;
  /** upgrades refused because `maxClients` were connected, the process stood by, or the application was closing */
  readonly refusedConnections: number;
  /** clients cut off because they read too slowly */
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
  abstract counts(): BroadcastCounts;
}
