import { SeededRandom } from '../../../test/support/seeded-random.js';
import { ClaimedSteps } from '../checks/claimed-steps.js';
import { type ClientCounts, noCounts } from '../checks/client-counts.js';
import { Findings } from '../checks/findings.js';
import { FrameSchemas } from '../checks/frame-schemas.js';
import { FrameReader } from '../checks/read-frame.js';
import { judgeRepeats } from '../checks/silent-rules.js';
import { ToldVersions } from '../checks/told-versions.js';
import type { CrewMember, TrueRow } from './crew-member.js';
import type { CrewCounts, CrewSettings, Judged, KindCounts, Reached, ReachQuestion } from './crew-questions.js';
import { readTruth } from './journal-truth.js';
import { PackageClient } from './package-client.js';
import { Protocol2Client } from './protocol-2-client.js';
import { SilentClient } from './silent-client.js';
import { untilCurrent } from './until-current.js';
import { wishOf } from './wishes.js';

const WATCH_EVERY_MS = 1_000;
/** told again for a minute after a takeover; the rest is for a busy machine */
const TAKEOVER_WINDOW_MS = 90_000;

/** All clients of one run: they live as long as it does, and connect wherever they are let. */
export class Crew {
  private readonly findings = new Findings();
  private readonly proven = new ToldVersions(this.findings);
  private readonly shown = new ToldVersions(this.findings);
  private readonly claimed = new ClaimedSteps();
  private readonly addresses: { open: readonly string[] } = { open: [] };
  private readonly random: SeededRandom;
  private readonly reader: FrameReader;
  private readonly silent: readonly SilentClient[];
  private readonly protocol2: readonly Protocol2Client[];
  private readonly packaged: readonly PackageClient[];
  private readonly watch: NodeJS.Timeout;
  private disturbance: NodeJS.Timeout | null = null;
  private hasStarted = false;

  constructor(private readonly settings: CrewSettings) {
    const { seed, size, competitions, schemas } = settings;
    this.random = new SeededRandom(seed);
    const versions = { proven: this.proven, shown: this.shown };
    this.reader = new FrameReader(FrameSchemas.read(schemas), versions, this.findings);
    const { addresses, reader, findings, claimed } = this;
    const own = () => new SeededRandom(this.random.below(2 ** 31));
    const list = <T>(count: number, make: (nth: number) => T) => Array.from({ length: count }, (_, nth) => make(nth));
    const fixtures = { competitionOf: new Map(Object.entries(competitions)) };
    this.silent = list(size.silent, (nth) => new SilentClient(`silent ${nth}`, addresses, own(), reader, findings));
    this.protocol2 = list(size['protocol-2'], (nth) => {
      const random = own();
      const wish = wishOf(nth, fixtures, random);
      const name = `protocol-2 ${nth} (${wish.name})`;
      return new Protocol2Client(name, wish, fixtures, addresses, random, reader, findings, (step) =>
        claimed.note(step),
      );
    });
    this.packaged = list(
      size.package,
      (nth) => new PackageClient(`package ${nth}`, nth, fixtures, addresses, own(), findings, versions.proven),
    );
    this.watch = setInterval(() => {
      for (const { line } of [...this.silent, ...this.protocol2]) line.cutWhenSilent();
    }, WATCH_EVERY_MS);
  }

  private get members(): readonly CrewMember[] {
    return [...this.silent, ...this.protocol2, ...this.packaged];
  }

  go(open: readonly string[], leaveOthers: boolean): void {
    this.addresses.open = open;
    if (!this.hasStarted) for (const member of this.members) member.start();
    this.hasStarted = true;
    if (!leaveOthers) return;
    for (const { line } of this.members) if (!open.includes(line.url)) line.cut({ politely: true });
  }

  disturb(everyMs: number | null): void {
    if (this.disturbance) clearInterval(this.disturbance);
    this.disturbance = everyMs === null ? null : setInterval(() => this.cutOne(), everyMs);
  }

  /** Those who are told the most. */
  pause(each: number): void {
    for (const kind of [this.silent, this.protocol2, this.packaged]) {
      const most = (kind as readonly CrewMember[]).filter(({ followsAll }) => followsAll);
      for (const { line } of most.slice(0, each)) line.pause();
    }
  }

  resume(): void {
    for (const { line } of this.members) line.resume();
  }

  reach(question: ReachQuestion): Promise<Reached> {
    return untilCurrent(this.members, question);
  }

  lagMs(): number {
    return this.reader.takeLagMs();
  }

  counts(): CrewCounts {
    const { silent, protocol2, packaged, proven, shown, reader } = this;
    const sums = sumOf(protocol2.map(({ rules }) => rules.counts));
    return {
      kinds: {
        silent: kindCounts(silent, sum(silent.map(({ rules }) => rules.told))),
        'protocol-2': kindCounts(protocol2, sums.changes),
        package: kindCounts(packaged, sum(packaged.map(({ rules }) => rules.changes))),
      },
      protocol2: sums,
      toldAgain: sum(silent.map(({ rules }) => rules.toldAgain)),
      packageGaps: sum(packaged.map(({ rules }) => rules.gaps)),
      findings: this.findings.total,
      versions: Math.max(proven.size, shown.size),
      frames: reader.texts,
    };
  }

  async judge(rows: readonly TrueRow[], takeoversAtMs: readonly number[]): Promise<Judged> {
    const { findings, proven, shown, claimed } = this;
    const truth = await readTruth(this.settings.databaseUrl, Object.keys(this.settings.competitions));
    proven.judge(truth.proven, truth.isBegin);
    shown.judge(truth.shown, truth.isBegin);
    claimed.judge(truth.proven, findings);
    const takeovers = { atMs: takeoversAtMs, windowMs: TAKEOVER_WINDOW_MS };
    for (const { rules } of this.silent) judgeRepeats(rules.repeats, takeovers, findings);
    for (const { rules } of this.protocol2) rules.quiet();
    for (const member of this.members) {
      const behind = member.behindOn(rows, 'exactly');
      if (behind) findings.note('wrong-end', `${member.name}: ${behind}`);
    }
    return { counts: this.counts(), found: findings.found() };
  }

  end(): void {
    clearInterval(this.watch);
    this.disturb(null);
    for (const member of this.members) member.end();
  }

  private cutOne(): void {
    const member = this.random.pick(this.members);
    member.line.cut({ politely: this.random.next() < 0.5 });
  }
}

function kindCounts(members: readonly CrewMember[], told: number): KindCounts {
  return { clients: members.length, connections: sum(members.map(({ line }) => line.connections)), told };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function sumOf(list: readonly ClientCounts[]): ClientCounts {
  const total = noCounts();
  for (const counts of list)
    for (const name of Object.keys(total) as (keyof ClientCounts)[]) total[name] += counts[name];
  return total;
}
