import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  Optional,
} from '@nestjs/common';
import type { DatabaseFacts, ReadinessFacts } from '../contracts/health-facts.js';
import { HealthProbe, HealthProbes } from '../contracts/health-probe.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { Timer } from '../kernel/timer.js';
import { Database } from './database.js';
import { CHECK, type Lacks, whatToDo, whatToDoAbout } from './database-check.js';

const TIMEOUT_MS = 1_000;
const FRESH_MS = 1_000;
/** A host may still migrate while it boots. */
const FIRST_LOOK_MS = 5_000;
const WELL: DatabaseFacts = { ok: true };
const LATE: DatabaseFacts = { ok: false, error: `no answer within ${TIMEOUT_MS} ms` };

/**
 * Asks the database whether it has what the package needs: at most once a second, and for 1 s at most. While one question
 * hangs no other is asked: probing takes one connection of the pool, not all of them. What is wrong once the application
 * has been up for 5 s, whether somebody asks or not, is one error line.
 */
@Injectable()
export class DatabaseProbe extends HealthProbe implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(DatabaseProbe.name);
  private readonly firstLook: Timer;
  private answer: DatabaseFacts = WELL;
  private answeredAtMs = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | null = null;

  constructor(
    private readonly scheduler: Scheduler,
    @Inject(Database) private readonly database: Database,
    @Optional() probes?: HealthProbes,
  ) {
    super(probes);
    this.firstLook = new Timer(scheduler);
  }

  onApplicationBootstrap(): void {
    this.firstLook.set(FIRST_LOOK_MS, () => void this.look());
  }

  onModuleDestroy(): void {
    this.firstLook.stop();
  }

  override async ready(): Promise<ReadinessFacts> {
    return { db: await this.ask() };
  }

  private async look(): Promise<void> {
    const { ok, error } = await this.ask();
    if (!ok) this.logger.error('The database cannot be used for live scores; it is tried again by itself', { error });
  }

  private async ask(): Promise<DatabaseFacts> {
    const isFresh = this.scheduler.monotonicMs() - this.answeredAtMs < FRESH_MS;
    if (isFresh) return this.answer;
    this.asking ??= this.question().finally(() => {
      this.asking = null;
    });
    return this.withinTime(this.asking);
  }

  private async question(): Promise<void> {
    try {
      const [lacks] = await this.database.query<Lacks>(CHECK, []);
      const error = lacks ? whatToDo(lacks) : null;
      this.answer = error ? { ok: false, error } : WELL;
    } catch (error) {
      this.answer = { ok: false, error: whatToDoAbout(error) };
    }
    this.answeredAtMs = this.scheduler.monotonicMs();
  }

  private async withinTime(asking: Promise<void>): Promise<DatabaseFacts> {
    let cancel: Cancel = () => undefined;
    const late = new Promise<DatabaseFacts>((resolve) => {
      cancel = this.scheduler.after(TIMEOUT_MS, () => resolve(LATE));
    });
    try {
      return await Promise.race([asking.then(() => this.answer), late]);
    } finally {
      cancel();
    }
  }
}
