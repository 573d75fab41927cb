import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { LiveScoreModule, type LiveScoreOptions, MatchStatus, Readiness, UpdateSink } from '../../src/index.js';
import { Clock } from '../../src/kernel/clock.js';
import { slots } from '../support/committed-changes.js';
import { eventually } from '../support/eventually.js';

/** The clock of a machine that is wrong by this much. */
class WrongClock extends Clock {
  constructor(private readonly aheadMs: number) {
    super();
  }

  override nowMs(): number {
    return Date.now() + this.aheadMs;
  }
}

/** A host in this process, with the package and nothing else. */
export class BootedHost {
  private constructor(
    private readonly app: INestApplication,
    private readonly clock: Clock,
  ) {}

  static async start(options: LiveScoreOptions, { clockAheadMs = 0 } = {}): Promise<BootedHost> {
    const clock = new WrongClock(clockAheadMs);
    const builder = Test.createTestingModule({ imports: [LiveScoreModule.forRoot(options)] });
    const app = (await builder.overrideProvider(Clock).useValue(clock).compile()).createNestApplication();
    app.useLogger(false);
    await app.init();
    return new BootedHost(app, clock);
  }

  /** What `/ready` says of the database: null when nothing is wrong. */
  async trouble(): Promise<string | null> {
    const { db } = await this.app.get(Readiness, { strict: false }).report();
    return db.ok ? null : (db.error ?? 'unknown');
  }

  /** The feed says it. @param status @default first half */
  async say(matchId: string, home: number, status: MatchStatus = MatchStatus.FirstHalf): Promise<void> {
    const readiness = this.app.get(Readiness, { strict: false });
    await eventually(async () => (await readiness.report()).standby === false, { what: 'the lease' });
    const score = { status, home: slots(home), away: slots(0), periodKickoffS: null };
    const feed = { source: 'mqtt', delivery: 'push', requestedAtMs: null, providerTimeS: null } as const;
    this.app.get(UpdateSink, { strict: false }).submit([{ ...feed, matchId, receivedAtMs: this.clock.nowMs(), score }]);
  }

  close(): Promise<void> {
    return this.app.close();
  }
}
