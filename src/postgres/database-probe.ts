import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  Optional,
} from '@nestjs/common';
import type { DatabaseFacts, InternalFacts, ReadinessFacts } from '../contracts/health-facts.js';
import { HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { within } from '../kernel/deadline.js';
import { Poller } from '../kernel/poller.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { Timer } from '../kernel/timer.js';
import { Database } from './database.js';
import { CHECK, type Lacks, whatToDo, whatToDoAbout } from './database-check.js';

const EVERY_MS = 1_000;
const TIMEOUT_MS = 1_000;
/** A host may still migrate while it boots. */
const FIRST_LOOK_MS = 5_000;
const WELL: DatabaseFacts = { ok: true };
const LATE: DatabaseFacts = { ok: false, error: `no answer within ${TIMEOUT_MS} ms` };

/**
 * Asks the database in the background whether it has what the package needs, once a second and for 1 s at most, so that whoever
 * wants to know is told at once, whatever the database does. While one question hangs no other is asked: probing takes one
 * connection of the pool, not all of them. What is wrong once the application has been up for 5 s is one error line.
 *
 * *made*: each who wants to know makes it ask, all together once → `onApplicationBootstrap` → *watching*: the last answer is
 * told, and only the first one is waited for → `onModuleDestroy` → *resting*: the last answer is told, nothing is asked.
 */
@Injectable()
export class DatabaseProbe extends HealthProbe implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(DatabaseProbe.name);
  private readonly firstLook: Timer;
  private readonly poller: Poller;
  private answer: DatabaseFacts | null = null;
  private asking: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly scheduler: Scheduler,
    @Inject(Database) private readonly database: Database,
    @Optional() probes?: HealthProbes,
  ) {
    super(probes);
    this.firstLook = new Timer(scheduler);
    const warning = new SampledWarning(this.logger, 'The database could not be looked at');
    this.poller = new Poller(scheduler, { everyMs: EVERY_MS, turn: () => this.look(), warning });
  }

  onApplicationBootstrap(): void {
    if (this.stopped) return;
    this.firstLook.set(FIRST_LOOK_MS, () => this.tellTrouble());
    this.poller.start();
    void this.poller.run();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    this.firstLook.stop();
    void this.poller.stop();
  }

  override async ready(): Promise<ReadinessFacts> {
    const isTold = this.answer !== null && (this.poller.started || this.stopped);
    if (!isTold) await this.poller.run();
    return { db: this.answer ?? LATE };
  }

  override internal(): InternalFacts {
    return { pool: this.database.connections() };
  }

  private tellTrouble(): void {
    const { ok, error } = this.answer ?? LATE;
    if (!ok) this.logger.error('The database cannot be used for live scores; it is tried again by itself', { error });
  }

  private async look(): Promise<void> {
    this.asking ??= this.question().finally(() => {
      this.asking = null;
    });
    const isInTime = this.asking.then(() => true);
    if (!(await within(isInTime, TIMEOUT_MS, this.scheduler))) this.answer = LATE;
  }

  private async question(): Promise<void> {
    try {
      const [lacks] = await this.database.query<Lacks>(CHECK, []);
      const error = lacks ? whatToDo(lacks) : null;
      this.answer = error ? { ok: false, error } : WELL;
    } catch (error) {
      this.answer = { ok: false, error: whatToDoAbout(error) };
    }
  }
}
