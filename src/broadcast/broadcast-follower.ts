import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  Optional,
} from '@nestjs/common';
import { IngestLease } from '../contracts/ingest-lease.js';
import { MatchRouter } from '../contracts/match-router.js';
import { Lifecycle } from '../kernel/lifecycle.js';
import { logFields } from '../kernel/log-fields.js';
import { Scheduler } from '../kernel/scheduler.js';
import { rowTaken } from './board/row-taken.js';
import { BoardParts } from './board-parts.js';
import { ResolvedBroadcastOptions } from './broadcast.options.js';
import { type FollowedBoard, JournalFollower } from './follow/journal-follower.js';
import { type BoardRow, BoardStore } from './ports/board-store.js';
import { BroadcastBus } from './ports/broadcast-bus.js';
import { MissingVersions } from './ports/missing-versions.js';
import type { Position } from './ports/position.js';
import type { Told } from './ports/told.js';

const STOP_WAIT_MS = 1_000;

/** Follows what other processes commit, over the bus and in the journal, and leads all of it into the feed. */
@Injectable()
export class BroadcastFollower implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Broadcast');
  private readonly life = new Lifecycle();
  private follower: JournalFollower | null = null;

  constructor(
    private readonly matches: BoardParts,
    private readonly bus: BroadcastBus,
    private readonly options: ResolvedBroadcastOptions,
    private readonly scheduler: Scheduler,
    @Optional() private readonly store?: BoardStore,
    @Optional() private readonly missing?: MissingVersions,
    @Optional() private readonly lease?: IngestLease,
    @Optional() @Inject(MatchRouter) private readonly router?: Pick<MatchRouter, 'active'>,
  ) {}

  onApplicationBootstrap(): void {
    this.life.start(() => [this.bus.told$.subscribe((told) => this.hear(told))]);
    const { store, missing } = this;
    if (store && missing) this.follow(store, missing);
  }

  async onApplicationShutdown(): Promise<void> {
    this.life.stop();
    await this.follower?.stop(STOP_WAIT_MS);
  }

  /** The bus must not see an error of ours. */
  private hear(told: readonly Told[]): void {
    try {
      this.matches.feed.deliver(told, 'bus');
    } catch (error) {
      this.logger.error('What another instance told could not be taken', logFields({ error }));
    }
  }

  private follow(store: BoardStore, missing: MissingVersions): void {
    const { scheduler, bus, lease, options } = this;
    const follower = new JournalFollower({
      store,
      board: this.followed(missing),
      scheduler,
      pollMs: options.journalPollMs,
      bus,
      isGateway: options.role === 'gateway',
      ...(lease ? { lease } : undefined),
    });
    this.follower = follower;
    void this.matches.reader.loaded.then(() => {
      if (!this.life.stopped) follower.start();
    });
  }

  private followed(missing: MissingVersions): FollowedBoard {
    const { feed, board, reader } = this.matches;
    return {
      positionOf: (matchId: string) => board.get(matchId)?.position ?? null,
      matchIds: () => board.matchIds(),
      behind: (matchId: string, after: Position) => {
        // while every match goes the legacy way the platform's table is left alone: reading versions looks at it
        if (this.router?.active === false) return;
        if (board.get(matchId)) void feed.catchUp(matchId);
        else missing.ask(matchId, after);
      },
      staleDetails: (matchIds: readonly string[]) => {
        for (const matchId of matchIds) reader.refresh(matchId);
      },
      restored: (rows: readonly BoardRow[]) => feed.restored(rows.map(rowTaken)),
    };
  }
}
