import { run } from '../../../src/cli/run.js';
import { isRight, type ReplayOptions, type ReplaySummary, replayTournament } from '../../../src/replay/index.js';
import { type MatchRoute, MatchRouter, OrchestratorFacade, RolloutState } from '../../../src/rollout/index.js';
import type { RunningHost } from '../start-host.js';
import { readLeadTimes } from './lead-times.js';
import { StatusJob } from './status-job.js';

interface Part {
  readonly stage: 'legacy' | 'shadow' | 'canary' | 'direct';
  readonly percent: number;
  /** of the tournament, in order */
  readonly matches: number;
}

const PARTS: readonly Part[] = [
  { stage: 'legacy', percent: 0, matches: 8 },
  { stage: 'shadow', percent: 0, matches: 12 },
  { stage: 'canary', percent: 10, matches: 16 },
  { stage: 'canary', percent: 50, matches: 12 },
  { stage: 'direct', percent: 0, matches: 16 },
];
/** Frames per second: slow enough for the legacy path to show most goals. */
const RATE = 400;
const STAGE_TIMEOUT_MS = 3_000;
/** For the comparison to see the last rows. */
const COMPARISON_MS = 3_000;

/**
 * A tournament during which the platform is moved from its legacy path to the direct one, stage by stage, without a
 * restart. Prints what happens.
 * @param replay the tournament, as a whole
 * @returns whether every match of the direct path ended with the right row and every goal of it announced once
 */
export async function rolloutDemo(host: RunningHost, replay: ReplayOptions): Promise<boolean> {
  const demo = new RolloutDemo(host, replay);
  try {
    return await demo.run();
  } finally {
    await demo.close();
  }
}

class RolloutDemo {
  private readonly state: RolloutState;
  private readonly router: MatchRouter;
  private readonly job: StatusJob;
  private next = 0;

  constructor(
    private readonly host: RunningHost,
    private readonly options: ReplayOptions,
  ) {
    this.state = host.app.get(RolloutState, { strict: false });
    this.router = host.app.get(MatchRouter, { strict: false });
    this.job = new StatusJob(host.app.get(OrchestratorFacade, { strict: false }));
  }

  async run(): Promise<boolean> {
    let right = true;
    for (const part of PARTS) right = (await this.play(part)) && right;
    const reported = await this.command(['rollout', 'report']);
    return right && reported === 0;
  }

  async close(): Promise<void> {
    await this.job.stop();
  }

  private async play(part: Part): Promise<boolean> {
    await this.enter(part);
    const routes = new Map<string, MatchRoute>();
    const summary = await this.replay(part, routes);
    await this.job.caughtUp();
    const count = (route: MatchRoute) => [...routes.values()].filter((each) => each === route).length;
    console.log(
      `  ${summary.matches} matches. Written by the legacy path: ${count('legacy') + count('shadow')}` +
        ` (${count('shadow')} compared), by the direct path: ${count('direct')}`,
    );
    if (count('direct') > 0) console.log(`  ${textOf(summary)}`);
    if (count('shadow') > 0) await this.tellLead();
    return isRight(summary) && this.isStill(part);
  }

  private async enter({ stage, percent }: Part): Promise<void> {
    const share = stage === 'canary' ? ['--percent', String(percent)] : [];
    const argv = ['stage', 'set', stage, ...share, '--by', 'demo', '--reason', 'demonstration'];
    await this.command(argv, 1);
    const deadline = performance.now() + STAGE_TIMEOUT_MS;
    while (!this.isStill({ stage, percent })) {
      if (performance.now() > deadline)
        throw new Error(`The host did not enter ${stage} within ${STAGE_TIMEOUT_MS} ms`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  private replay({ matches }: Part, routes: Map<string, MatchRoute>): Promise<ReplaySummary> {
    const from = this.next;
    this.next += matches;
    const { tournament, onPublished } = this.options;
    return replayTournament({
      ...this.options,
      tournament: { ...tournament, matches: tournament.matches.slice(from, this.next) },
      wsUrl: `${this.host.url.replace('http', 'ws')}/ws`,
      rate: RATE,
      verify: true,
      verifyOnly: (matchId) => {
        routes.set(matchId, this.router.routeOf(matchId));
        return routes.get(matchId) === 'direct';
      },
      onPublished: (payload) => {
        onPublished?.(payload);
        this.job.note(payload);
      },
    });
  }

  private async tellLead(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, COMPARISON_MS));
    const { goals, neverWritten, p50Ms, p95Ms } = await readLeadTimes(this.host.services.databaseUrl);
    console.log(
      `  Compared so far: the direct path had ${goals} goals, earlier by ${p50Ms} ms (p50) and ${p95Ms} ms (p95);` +
        ` the legacy path lacks ${neverWritten}`,
    );
  }

  private isStill({ stage, percent }: Pick<Part, 'stage' | 'percent'>): boolean {
    return this.state.stage === stage && (stage !== 'canary' || this.state.percent === percent);
  }

  /** @param lines how much of the answer is printed */
  private async command(argv: readonly string[], lines = Number.POSITIVE_INFINITY): Promise<number> {
    console.log(`\n$ livescore ${argv.join(' ')}`);
    const env = { DATABASE_URL: this.host.services.databaseUrl };
    const answer: string[] = [];
    const keep = (line: string) => answer.push(line);
    const code = await run(argv, env, { stdout: keep, stderr: keep });
    console.log(answer.slice(0, lines).join('\n'));
    return code;
  }
}

function textOf({ wrongRows, goals, goalsAnnounced, duplicateAnnouncements, latencyMs }: ReplaySummary): string {
  const wrong = wrongRows.slice(0, 5).map(({ teams, column, expected, actual }) => {
    return `\n  wrong: ${teams} ${column}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`;
  });
  return (
    `Direct: ${wrongRows.length} wrong rows. ${goals} goals: ${goalsAnnounced} announced, ` +
    `${duplicateAnnouncements} twice. Feed to screen: ${latencyMs?.client.p50} ms (p50)${wrong.join('')}`
  );
}
