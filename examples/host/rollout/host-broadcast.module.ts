import {
  type BeforeApplicationShutdown,
  Global,
  Injectable,
  Logger,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ClientFrame, LegacyBroadcastPort, type MatchUpdated } from '../../../src/rollout/index.js';
import { LegacyPath } from '../../legacy/legacy-path.js';

const SELECT_SCORE = `
SELECT home_score_display AS "homeScore", away_score_display AS "awayScore", minute, status_id AS "statusId"
FROM ts_matches WHERE external_id = $1`;

/**
 * The host's own `/ws`, as the platform has one: the frames of the direct path are handed to it, those of the legacy
 * path it makes itself, so that a client hears of all matches on one socket.
 */
@Injectable()
export class HostBroadcaster extends LegacyBroadcastPort implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(HostBroadcaster.name);
  private readonly server = new WebSocketServer({
    noServer: true,
    path: '/ws',
    perMessageDeflate: false,
    maxPayload: 4_096,
  });

  constructor(
    private readonly adapter: HttpAdapterHost,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly legacy: LegacyPath,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    const upgrade = (...[request, socket, head]: Parameters<WebSocketServer['handleUpgrade']>) =>
      this.server.handleUpgrade(request, socket, head, (client) => this.greet(client));
    this.adapter.httpAdapter.getHttpServer().on('upgrade', upgrade);
    this.legacy.orchestrator.on('match:updated', (event: MatchUpdated) => void this.tellOf(event));
  }

  beforeApplicationShutdown(): void {
    for (const client of this.server.clients) client.terminate();
    this.server.close();
  }

  override broadcast(event: ClientFrame): void {
    this.send(event);
  }

  private greet(client: WebSocket): void {
    client.on('error', () => client.terminate());
    client.send(JSON.stringify({ type: 'CONNECTED_FROM_HANDLER', message: 'welcome', timestamp: Date.now() }));
  }

  /** The event names columns only: the row is read again. */
  private async tellOf({ matchId, fields }: MatchUpdated): Promise<void> {
    if (!fields.some((field) => field.endsWith('_score_display'))) return;
    try {
      const [row] = (await this.dataSource.query(SELECT_SCORE, [matchId])) as object[];
      this.send({ type: 'SCORE_CHANGE', matchId, ...row, timestamp: Date.now() });
    } catch (error) {
      this.logger.warn({ message: 'A change of the legacy path was not told', matchId, reason: String(error) });
    }
  }

  private send(frame: object): void {
    const text = JSON.stringify(frame);
    for (const client of this.server.clients) client.send(text);
  }
}

@Global()
@Module({
  providers: [HostBroadcaster, { provide: LegacyBroadcastPort, useExisting: HostBroadcaster }],
  exports: [LegacyBroadcastPort],
})
export class HostBroadcastModule {}
