import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { WriteFence } from '../contracts/write-fence.js';
import { logFields } from '../kernel/log-fields.js';
import { Poller } from '../kernel/poller.js';
import { Scheduler } from '../kernel/scheduler.js';
import { FedRows, LOOKS_PER_CYCLE } from './fed-rows.js';
import { Mailboxes } from './mailboxes.js';
import { RowLoader } from './row-loader.js';
import { ResolvedScoreWriterOptions } from './score-writer.options.js';
import { UnfedRows } from './unfed-rows.js';

/** every 800 ms by default: what others write of other matches is told within a second, too */
const UNFED_EVERY_ROUNDS = 4;
const UNKNOWN_EVERY_ROUNDS = 5 * LOOKS_PER_CYCLE;

/**
 * Other writers change `ts_matches` with plain SQL. Within a second the rows of live and lately ended matches are compared
 * with what the writer believes. A difference is undone, or it stands: then it becomes a version, replaces the belief and is
 * told (`ForeignVerdict`). Live rows that the feed never spoke of are looked at as well.
 * Also looks for rows of matches that had none.
 */
@Injectable()
export class DriftCheck implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(DriftCheck.name);
  private readonly poller: Poller;
  private rounds = 0;

  constructor(
    private readonly mailboxes: Mailboxes,
    private readonly loader: RowLoader,
    private readonly right: WriteFence,
    private readonly fed: FedRows,
    private readonly unfed: UnfedRows,
    { driftCheckMs }: ResolvedScoreWriterOptions,
    scheduler: Scheduler,
  ) {
    // whoever writes tells of an outage of the database
    const warning = { warn: (facts = {}) => this.logger.debug('Drift check failed', logFields(facts)) };
    this.poller = new Poller(scheduler, { everyMs: driftCheckMs / LOOKS_PER_CYCLE, turn: () => this.turn(), warning });
  }

  onApplicationBootstrap(): void {
    this.poller.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.poller.stop();
  }

  /** One comparison, or the one under way; none while standing by. */
  round(): Promise<void> {
    return this.poller.run();
  }

  private async turn(): Promise<void> {
    if (!this.right.granted) return;
    if (this.rounds++ % UNKNOWN_EVERY_ROUNDS === 0) this.lookForRows();
    await this.fed.look();
    if (this.rounds % UNFED_EVERY_ROUNDS === 0) await this.unfed.look();
  }

  private lookForRows(): void {
    for (const mailbox of this.mailboxes.all()) if (mailbox.contents.phase === 'unknown') this.loader.request(mailbox);
  }
}
