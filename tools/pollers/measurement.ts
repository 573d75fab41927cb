import { type AskedSecond, type FromCrowd, sharedNowMs } from './messages.js';

const MOST_PER_SECOND = 2;
const SHOWN_WRONG = 10;

interface Goal {
  readonly matchId: string;
  readonly version: number;
  readonly atMs: number;
  /** by process, when all its readers had it */
  readonly currentAtMs: Map<number, number>;
}

/** What was told, who had it when, and what the instances were asked. */
export class Measurement {
  private readonly goals: Goal[] = [];
  private readonly versions = new Map<string, number>();
  private readonly wrong = new Map<string, number>();
  private readonly answers = new Map<number, number>();
  private begunAtMs = 0;
  private answersBefore = 0;
  private goalsBefore = 0;

  constructor(
    private readonly matchIds: readonly string[],
    private readonly processes: number,
  ) {}

  /** @returns the version that is told now */
  goal(matchId: string): number {
    const version = (this.versions.get(matchId) ?? 0) + 1;
    this.versions.set(matchId, version);
    this.goals.push({ matchId, version, atMs: sharedNowMs(), currentAtMs: new Map() });
    return version;
  }

  hear(process: number, message: FromCrowd): void {
    if (message.kind === 'answers') this.answers.set(process, message.count);
    if (message.kind === 'wrong') this.wrong.set(message.what, (this.wrong.get(message.what) ?? 0) + 1);
    if (message.kind !== 'current') return;
    for (const { matchId, version, currentAtMs } of this.goals) {
      const isReached = matchId === message.matchId && version <= message.version;
      if (isReached && !currentAtMs.has(process)) currentAtMs.set(process, message.atMs);
    }
  }

  /** Do all readers have everything that was told? */
  get isEven(): boolean {
    return this.goals.every(({ currentAtMs }) => currentAtMs.size === this.processes);
  }

  begin(): void {
    this.begunAtMs = sharedNowMs();
    this.answersBefore = this.answered;
    this.goalsBefore = this.goals.length;
  }

  /** Prints it. @returns was every bar reached? */
  report(asked: readonly AskedSecond[]): boolean {
    const nowMs = sharedNowMs();
    const seconds = (nowMs - this.begunAtMs) / 1_000;
    const fromSecond = Math.ceil(this.begunAtMs / 1_000);
    const rates = this.matchIds.map((matchId) => {
      const ofMatch = asked.filter(({ path, second }) => path.endsWith(`/${matchId}`) && second >= fromSecond);
      return ofMatch.reduce((sum, { requests }) => sum + requests, 0) / seconds;
    });
    const busiest = Math.max(...asked.filter(({ second }) => second >= fromSecond).map(({ requests }) => requests), 0);
    const lates = this.goals.slice(this.goalsBefore).map(({ atMs, currentAtMs }) => {
      return currentAtMs.size === this.processes ? Math.max(...currentAtMs.values()) - atMs : Number.POSITIVE_INFINITY;
    });
    const wrong = [...this.wrong.values()].reduce((sum, count) => sum + count, 0);
    for (const [what, count] of [...this.wrong].slice(0, SHOWN_WRONG)) console.log(`wrong: ${what} (${count})`);
    const result = {
      goals: lates.length,
      allCurrentMs: { p50: quantile(lates, 0.5), max: quantile(lates, 1) },
      answersPerSecond: Math.round((this.answered - this.answersBefore) / seconds),
      originRequestsPerSecondAndMatch: { worst: Number(Math.max(...rates).toFixed(2)), busiestSecond: busiest },
      wrong,
      missed: lates.filter((ms) => !Number.isFinite(ms)).length,
    };
    console.log(JSON.stringify(result));
    return Math.max(...rates) <= MOST_PER_SECOND && wrong === 0 && result.missed === 0 && lates.length > 0;
  }

  private get answered(): number {
    return [...this.answers.values()].reduce((sum, count) => sum + count, 0);
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN);
}
