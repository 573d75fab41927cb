import { randomBytes } from 'node:crypto';
import { Cleanup } from '../../tools/faults/parts/cleanup.js';
import { findDatabase } from '../environment.js';
import type { Service } from '../service.js';
import { FanOut } from './fan-out.js';
import { FanOutDatabase } from './fan-out-database.js';
import { measureIdle } from './idle.js';
import { measureMatchDay } from './match-day.js';
import type { FanoutOptions, Section } from './options.js';
import { findRedis } from './redis-server.js';
import { type FanoutReport, makeReport, type Sections } from './report.js';
import { StormRounds } from './storm.js';
import { Pair, SUBJECTS, type SubjectName } from './subjects.js';
import { GatewayRounds } from './two-gateways.js';

/** All second halves began this long before the run. */
const SECOND_HALF_AGE_S = 600;

/** Measures the sections that are asked for; one that fails is named in `invalid`, and the others go on. */
export class FanoutRun {
  private readonly sections: Sections = {};
  private readonly failures: string[] = [];
  private readonly kickoffS = Math.floor(Date.now() / 1_000) - SECOND_HALF_AGE_S;
  private server: Service | null = null;
  private preparing: Promise<FanOutDatabase> | null = null;

  constructor(
    private readonly options: FanoutOptions,
    /** what must not be left behind */
    private readonly cleanup: Cleanup,
    private readonly progress: (text: string) => void,
  ) {}

  async run(): Promise<FanoutReport> {
    // added first, so that it is done last: hosts end before their databases
    this.cleanup.add(() => this.closeDatabases());
    const steps: Readonly<Record<Section, (own: (end: () => Promise<void>) => void) => Promise<void>>> = {
      matchDay: async () => {
        this.sections.matchDay = measureMatchDay();
      },
      fanout: (own) => this.fanOut(own),
      idle: (own) => this.idle(own),
      storm: (own) => this.storm(own),
      gateways: (own) => this.gateways(own),
    };
    for (const section of this.options.sections) {
      this.progress(section);
      await this.step(section, steps[section]);
    }
    return makeReport(this.sections, this.options, this.failures);
  }

  private async step(
    name: Section,
    measure: (own: (end: () => Promise<void>) => void) => Promise<void>,
  ): Promise<void> {
    const ended = new Cleanup();
    this.cleanup.add(() => ended.run());
    try {
      await measure((end) => ended.add(end));
    } catch (error) {
      this.failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await ended.run();
    }
  }

  private async fanOut(own: (end: () => Promise<void>) => void): Promise<void> {
    const pairs = new Map<SubjectName, Pair>();
    for (const name of SUBJECTS) {
      const pair = await Pair.start(name, this.options.profiles);
      own(() => pair.end());
      pairs.set(name, pair);
    }
    const fanOut = new FanOut(pairs, this.options.rounds, this.progress);
    await fanOut.run(this.options.sizes);
    this.sections.fanout = fanOut;
  }

  private async idle(own: (end: () => Promise<void>) => void): Promise<void> {
    this.sections.idle = await measureIdle(this.most, this.options, (pair) => own(() => pair.end()));
  }

  private async storm(own: (end: () => Promise<void>) => void): Promise<void> {
    const rounds = await StormRounds.start(await this.database(), this.kickoffS, this.most, own);
    this.sections.storm = await rounds.run(this.options.rounds);
  }

  private async gateways(own: (end: () => Promise<void>) => void): Promise<void> {
    const redisUrl = await findRedis();
    if (!redisUrl) throw new Error('there is no Redis on REDIS_URL or port 6379');
    const rounds = await GatewayRounds.start(await this.database(), redisUrl, this.kickoffS, this.most, own);
    this.sections.gateways = await rounds.run(this.options.rounds);
  }

  private get most(): number {
    return Math.max(...this.options.sizes);
  }

  private database(): Promise<FanOutDatabase> {
    this.preparing ??= this.prepare();
    return this.preparing;
  }

  private async prepare(): Promise<FanOutDatabase> {
    this.server = await findDatabase();
    const runName = `livescore_fanout_${randomBytes(4).toString('hex')}`;
    return FanOutDatabase.prepare(this.server.url, runName, this.kickoffS);
  }

  private async closeDatabases(): Promise<void> {
    const databases = await this.preparing?.catch(() => null);
    await databases?.close();
    await this.server?.stop();
  }
}
