import type { Client } from 'pg';
import { UsageError } from '../cli.errors.js';
import { openDatabase } from '../open-database.js';
import { type KickoffTimes, kickoffTimes } from '../provider/kickoff-times.js';
import { KICKOFF_MINUTES } from '../provider/match-phase.js';
import { planMatch } from '../provider/match-plan.js';
import { goalsOf, matchTitle } from '../tournament/tournament.js';
import { ClientCollector } from './client-collector.js';
import { expectedRow } from './expected-row.js';
import { FramePublisher } from './frame-publisher.js';
import { fullSpeed, type Pace, paced, pacedByClock } from './pace.js';
import { preciseClock } from './precise-clock.js';
import { PublishTimes } from './publish-times.js';
import { publishTournament, type ReplayedMatch } from './publish-tournament.js';
import { REPLAY_DEFAULTS, type ReplayOptions } from './replay-options.js';
import type { ReplaySummary } from './replay-summary.js';
import { RunIdentity } from './run-identity.js';
import { seedRows } from './seed-rows.js';
import { verifyReplay } from './verify-replay.js';

/**
 * Seeds the fixtures of a tournament, publishes it as the provider would, and with `verify` compares rows and
 * announcements with what the tournament says.
 * @throws CommandError when broker, database or WebSocket cannot be used
 */
export async function replayTournament(options: ReplayOptions): Promise<ReplaySummary> {
  const nowMs = preciseClock();
  const database = await openDatabase(options.databaseUrl);
  try {
    const run = prepare(options, nowMs);
    await seed(database, options, run);
    const collector = await collect(options, run, nowMs);
    try {
      const published = new PublishTimes();
      const frames = await publish(options, run, published, nowMs);
      const { matches } = run;
      const goals = matches.reduce((sum, { plan }) => sum + goalsOf(plan.match), 0);
      const found = collector
        ? await verifyReplay({
            expected: expectedMatches(run),
            database,
            collector,
            published,
            signal: options.signal,
          })
        : { wrongRows: [], goalsAnnounced: null, duplicateAnnouncements: null, latencyMs: null };
      return { matches: matches.length, goals, frames, ...found };
    } finally {
      collector?.close();
    }
  } finally {
    await database.end().catch(() => {});
  }
}

interface Run {
  readonly identity: RunIdentity;
  readonly pace: Pace;
  readonly matches: readonly ReplayedMatch[];
  /** filled as matches begin */
  readonly kickoffs: Map<string, KickoffTimes>;
}

function prepare({ tournament, seed = REPLAY_DEFAULTS.seed, ...options }: ReplayOptions, nowMs: () => number): Run {
  const identity = new RunIdentity();
  const matches = tournament.matches.map((match, index) => ({
    matchId: identity.match(index),
    plan: planMatch(match, seed),
  }));
  return { identity, matches, pace: paceOf(options, nowMs), kickoffs: new Map() };
}

function paceOf(
  { speed = REPLAY_DEFAULTS.speed, clock }: Omit<ReplayOptions, 'tournament'>,
  nowMs: () => number,
): Pace {
  if (speed === 'max') return fullSpeed(clock ? () => clock.nowMs() : nowMs);
  return clock ? pacedByClock(speed, clock) : paced(speed, nowMs);
}

async function seed(database: Client, options: ReplayOptions, { identity, matches, pace }: Run): Promise<void> {
  const atOnce = options.matchesAtOnce ?? REPLAY_DEFAULTS.matchesAtOnce;
  await seedRows(database, {
    competition: options.tournament.name,
    competitionId: identity.competition(),
    teamId: (index) => identity.team(index),
    matches: matches.map(({ matchId, plan: { match } }, index) => ({
      matchId,
      home: match.home,
      away: match.away,
      matchTimeS: plannedStartS(pace, Math.floor(index / atOnce)),
    })),
  });
  options.onProgress?.({ phase: 'seeded', matchesStarted: 0, matches: matches.length, frames: 0 });
}

/** Matches are played in turns; how long a turn takes is only known afterwards. */
function plannedStartS(pace: Pace, turn: number): number {
  return kickoffTimes(pace.dueMs(turn * KICKOFF_MINUTES.overtime), pace.kickoffSpeed).firstHalf;
}

async function collect(options: ReplayOptions, { matches }: Run, nowMs: () => number): Promise<ClientCollector | null> {
  if (!options.verify) return null;
  if (options.wsUrl === undefined) throw new UsageError('verify needs the WebSocket address of the host');
  const ours = new Set(matches.map(({ matchId }) => matchId));
  return ClientCollector.connect(options.wsUrl, (matchId) => ours.has(matchId), nowMs);
}

async function publish(
  options: ReplayOptions,
  run: Run,
  published: PublishTimes,
  nowMs: () => number,
): Promise<number> {
  const { mqttUrl: url, topic = REPLAY_DEFAULTS.topic, username, password, qos } = options;
  const publisher = await FramePublisher.connect({ url, topic, username, password, qos });
  try {
    return await publishTournament({ ...run, options, publisher, published, nowMs });
  } finally {
    await publisher.close();
  }
}

function expectedMatches({ matches, kickoffs }: Run) {
  return matches.map(({ matchId, plan }) => ({
    matchId,
    teams: matchTitle(plan.match),
    row: expectedRow(plan, kickoffs.get(matchId) ?? kickoffTimes(0, 1)),
    goals: goalsOf(plan.match),
  }));
}
