import type { DynamicModule } from '@nestjs/common';
import pg from 'pg';
import { LegacyBroadcastPort } from '../../src/broadcast/ports/legacy-broadcast.js';
import { LegacyFeedHandler } from '../../src/legacy-bridge/ports/legacy-feed-handler.js';
import { decode } from '../support/score-frames.js';

/** A score as clients were told of it. */
export interface Told {
  readonly by: 'platform' | 'package';
  readonly matchId: string;
  readonly score: string;
}

/**
 * The platform's whole message handler: it reads any envelope, writes score and status of each match, announces what
 * changed on the `/ws` that both paths share, and fills its cache. One match after the other, in order of receipt.
 */
export class PlatformHandler extends LegacyFeedHandler {
  readonly frames: Buffer[] = [];
  readonly told: Told[] = [];
  readonly cache = new Map<string, string>();
  throws = false;
  hangs = false;
  private readonly pool: pg.Pool;
  private readonly turns = new Map<string, Promise<void>>();

  constructor(databaseUrl: string) {
    super();
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
    // the database goes while its last connections are closing
    this.pool.on('error', () => undefined);
  }

  override async handle(_topic: string, payload: Buffer): Promise<void> {
    this.frames.push(payload);
    if (this.throws) throw new Error('The platform was told to throw');
    if (this.hangs) await new Promise(() => {});
    const updates = decodeText(payload.toString());
    await Promise.all(
      updates.flatMap(({ matchId, score }) => (score ? [this.inTurn(matchId, score.status, score.home[0])] : [])),
    );
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private inTurn(matchId: string, status: number, home: number): Promise<void> {
    const before = (this.turns.get(matchId) ?? Promise.resolve()).catch(() => undefined);
    const turn = before.then(() => this.write(matchId, status, home));
    this.turns.set(matchId, turn);
    return turn;
  }

  private async write(matchId: string, status: number, home: number): Promise<void> {
    const { rows } = await this.pool.query(
      `UPDATE ts_matches m SET status_id = $2, home_score_display = $3, home_scores = jsonb_build_array($3::int,0,0,0,0,0,0),
         away_score_display = 0, away_scores = '[0,0,0,0,0,0,0]'
       FROM (SELECT id, home_score_display AS was FROM ts_matches WHERE external_id = $1 FOR UPDATE) AS o
       WHERE m.id = o.id RETURNING o.was`,
      [matchId, status, home],
    );
    this.cache.set(matchId, `${home}-0`);
    if (rows.length > 0 && rows[0].was !== home) this.told.push({ by: 'platform', matchId, score: `${home}-0` });
  }
}

/** The host's module: its handler, and its broadcaster for the frames of the direct path. */
export function platformModule(handler: PlatformHandler): DynamicModule {
  const broadcast: LegacyBroadcastPort['broadcast'] = (frame) => {
    if (frame.type !== 'SCORE_CHANGE') return;
    handler.told.push({ by: 'package', matchId: frame.matchId, score: `${frame.homeScore}-${frame.awayScore}` });
  };
  const providers = [
    { provide: LegacyFeedHandler, useValue: handler },
    { provide: LegacyBroadcastPort, useValue: { broadcast } },
  ];
  class PlatformModule {}
  return { module: PlatformModule, global: true, providers, exports: [LegacyFeedHandler, LegacyBroadcastPort] };
}

function decodeText(text: string) {
  try {
    return decode(JSON.parse(text)).updates;
  } catch {
    return [];
  }
}
