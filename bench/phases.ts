import type { Feed } from './feed.js';
import type { Publisher } from './publisher.js';
import type { Screen } from './screen.js';
import type { Series } from './series.js';
import { percentile } from './statistics.js';
import { Stopwatch } from './stopwatch.js';
import type { SubjectProcess } from './subject-process.js';
import { MATCHES, matchIdOf, screenKey, type Workload } from './workload.js';

export interface LatencyResult {
  readonly messages: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** p50 over single scores: differs from `p50Ms` only when a message carries several matches */
  readonly perScoreP50Ms: number | null;
  /** scores that were never on the screen */
  readonly missing: number;
  /** scores that came later than 100 ms */
  readonly late: number;
  readonly rowsWritten: number;
  readonly cpuUsPerMessage: number;
  readonly eventLoopMaxMs: number;
}

export interface SaturationResult {
  readonly messages: number;
  /** absorbed to the right final state; null when a row was wrong or a message was lost or refused */
  readonly messagesPerS: number | null;
  readonly wrongRows: number;
  readonly refused: number;
  readonly rowsWritten: number;
  readonly cpuUsPerMessage: number;
  readonly eventLoopMaxMs: number;
}

/** Later than this a viewer notices. */
const LATE_MS = 100;
const LAST_FRAME_TIMEOUT_MS = 5_000;
/** Walks through all 5,000 matches before it comes back to one: coprime to their number. */
const STRIDE = 1_237;

/** One subject and the truth it is checked against. */
export interface Scene {
  readonly subject: SubjectProcess;
  readonly workload: Workload;
  readonly countWrong: () => Promise<number>;
}

/** A flood over `hot` matches in a fixed cycle, checked row by row at the end. */
export async function flood(
  { subject, workload, countWrong }: Scene,
  feed: Feed,
  hot: number,
  messages: number,
  profileFile: string | null = null,
): Promise<SaturationResult> {
  const payloads = Array.from({ length: messages }, (_, i) => {
    const index = ((i % hot) * STRIDE) % MATCHES;
    workload.next(index);
    return workload.payload([index]);
  });
  await subject.begin(true, profileFile);
  const durationMs = await feed.flood(payloads, subject);
  const cost = await subject.end(profileFile);
  const wrongRows = await countWrong();
  const right = durationMs !== null && wrongRows === 0 && cost.refused === 0;
  return {
    messages,
    messagesPerS: right ? (messages * 1000) / durationMs : null,
    wrongRows,
    refused: cost.refused,
    rowsWritten: cost.rows,
    cpuUsPerMessage: (cost.cpuMs * 1000) / messages,
    eventLoopMaxMs: cost.eventLoopMaxMs,
  };
}

/** Goals at a fixed rate, each of another match, from publish to the client's screen. */
export class Pacing {
  private cursor = 0;

  constructor(
    private readonly scene: Scene,
    private readonly publisher: Publisher,
    private readonly screen: Screen,
    private readonly series: Pick<Series, 'liveMatches' | 'isShown'>,
  ) {}

  async latency(
    perSecond: number,
    messages: number,
    { matchesPerMessage = 1, profileFile = null }: { matchesPerMessage?: number; profileFile?: string | null } = {},
  ): Promise<LatencyResult> {
    const { subject, workload } = this.scene;
    const stopwatch = new Stopwatch();
    this.screen.listen((key) => stopwatch.stop(key));
    await subject.begin(false, profileFile);
    await this.publisher.pace(messages, perSecond, () => {
      const indexes = Array.from({ length: matchesPerMessage }, () => this.nextMatch());
      const keys = indexes.flatMap((index) => this.goal(index));
      const payload = workload.payload(indexes);
      stopwatch.start(keys);
      this.publisher.publish(payload);
    });
    const missing = await stopwatch.missingAfter(LAST_FRAME_TIMEOUT_MS);
    const cost = await subject.end(profileFile);
    this.screen.listen(null);
    const latencies = stopwatch.latenciesMs.sort((a, b) => a - b);
    const scores = stopwatch.scoreLatenciesMs.sort((a, b) => a - b);
    return {
      messages,
      p50Ms: percentile(latencies, 0.5),
      p95Ms: percentile(latencies, 0.95),
      p99Ms: percentile(latencies, 0.99),
      perScoreP50Ms: percentile(scores, 0.5),
      missing,
      late: scores.filter((latencyMs) => latencyMs > LATE_MS).length,
      rowsWritten: cost.rows,
      cpuUsPerMessage: (cost.cpuMs * 1000) / messages,
      eventLoopMaxMs: cost.eventLoopMaxMs,
    };
  }

  private nextMatch(): number {
    this.cursor = (this.cursor + STRIDE) % (this.series.liveMatches ?? MATCHES);
    return this.cursor;
  }

  /** @returns what will be on the screen */
  private goal(index: number): string[] {
    const matchId = matchIdOf(index);
    const { home, away } = this.scene.workload.goal(index);
    const { isShown } = this.series;
    return isShown && !isShown(matchId) ? [] : [screenKey(matchId, home[0]!, away[0]!)];
  }
}
