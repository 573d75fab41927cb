import type { Client } from 'pg';
import { type KickoffTimes, kickoffTimes } from './feed/kickoff-times.js';
import { planMatch } from './feed/match-plan.js';
import { fullSpeed, type Pace, paced, pacedByClock, preciseClock } from './feed/pace.js';
import { PublishTimes } from './feed/publish-times.js';
import { publishTournament, type ReplayedMatch } from './feed/publish-tournament.js';
import { plannedStartS } from './planned-start.js';
import { requirePresent } from './present-rows.js';
import { openConnections } from './replay-connections.js';
import { REPLAY_DEFAULTS, type ReplayOptions } from './replay-options.js';
import { type RunIds, runIds } from './run-identity.js';
import { seedPredictions, seedRows } from './seed-rows.js';
import { goalsOf, matchTitle } from './tournament/tournament.js';
import { expectedRow } from './verify/expected-row.js';
import type { Percentiles } from './verify/latencies.js';
import { PREDICTED, type SettlementFindings, verifyPredictions } from './verify/predictions.js';
import { verifyReplay } from './verify/verify-replay.js';
import type { WrongRow } from './verify/wrong-rows.js';

/**
 * Seeds the fixtures of a tournament, publishes it as the provider would, and with `verify` compares rows and
 * announcements with what the tournament says.
 * @throws UnreachableError when broker, database or WebSocket cannot be used
 * @throws ReplayError when the fixtures cannot be inserted
 */
export async function replayTournament(options: ReplayOptions): Promise<ReplaySummary> {
  const nowMs = preciseClock();
  const run = prepare(options, nowMs);
  const matchIds = new Set(run.matches.map(({ matchId }) => matchId));
  const connections = await openConnections(options, matchIds, nowMs);
  try {
    const { database, publisher, collector } = connections;
    await seed(database, options, run);
    const published = new PublishTimes();
    const frames = await publishTournament({ ...run, options, publisher, published, nowMs });
    const { signal, verifyOnly = () => true } = options;
    const expected = expectedMatches(run).filter(({ matchId }) => verifyOnly(matchId));
    const goals = expected.reduce((sum, match) => sum + match.goals, 0);
    const found = collector
      ? await verifyReplay({ expected, database, collector, published, signal })
      : { wrongRows: [], goalsAnnounced: null, goalsUntold: null, duplicateAnnouncements: null, latencyMs: null };
    const settlement =
      collector && options.predictions ? { settlement: await verifyPredictions(database, expected, signal) } : {};
    return { run: run.ids.run, matches: run.matches.length, goals, frames, ...found, ...settlement };
  } finally {
    await connections.close();
  }
}

interface Run {
  readonly ids: RunIds;
  readonly pace: Pace;
  readonly matches: readonly ReplayedMatch[];
  /** filled as matches begin */
  readonly kickoffs: Map<string, KickoffTimes>;
}

function prepare(
  { tournament, seed = REPLAY_DEFAULTS.seed, run, ...options }: ReplayOptions,
  nowMs: () => number,
): Run {
  const ids = runIds(run);
  const matches = tournament.matches.map((match) => ({
    matchId: ids('m', match.index),
    plan: planMatch(match, seed),
  }));
  return { ids, matches, pace: paceOf(options, nowMs), kickoffs: new Map() };
}

function paceOf(
  { speed = REPLAY_DEFAULTS.speed, clock }: Omit<ReplayOptions, 'tournament'>,
  nowMs: () => number,
): Pace {
  if (speed === 'max') return fullSpeed(clock ? () => clock.nowMs() : nowMs);
  return clock ? pacedByClock(speed, clock) : paced(speed, nowMs);
}

async function seed(database: Client, options: ReplayOptions, { ids, matches, pace }: Run): Promise<void> {
  const { tournament, matchesAtOnce, fixtures = REPLAY_DEFAULTS.fixtures } = options;
  const seeded = matches.map(({ matchId, plan: { match } }, index) => ({
    matchId,
    home: match.home,
    away: match.away,
    matchTimeS: plannedStartS(pace, index, matchesAtOnce),
  }));
  const predictions = options.predictions ? Object.keys(PREDICTED) : [];
  if (fixtures === 'present') {
    await requirePresent(database, seeded);
    await seedPredictions(database, seeded, predictions);
  } else {
    const competition = { competition: tournament.name, competitionId: ids('c', 0) };
    await seedRows(database, { ...competition, teamId: (index) => ids('t', index), matches: seeded, predictions });
  }
  options.onProgress?.({ run: ids.run, phase: 'seeded', matchesStarted: 0, matches: matches.length, frames: 0 });
}

function expectedMatches({ matches, kickoffs }: Run) {
  return matches.map(({ matchId, plan }) => ({
    matchId,
    teams: matchTitle(plan.match),
    row: expectedRow(plan, kickoffs.get(matchId) ?? kickoffTimes(0, 1)),
    goals: goalsOf(plan.match),
  }));
}

/** What one replay did, and with `verify` what it found. Printed as the last line of `livescore replay`. */
export interface ReplaySummary {
  /** names this replay: its matches, teams and competition begin with it */
  readonly run: string;
  /** matches replayed */
  readonly matches: number;
  /** goals of regular and extra time in them, by the tournament's scores; with `verifyOnly` in those it looked at */
  readonly goals: number;
  /** match frames published, those of `--chaos` included */
  readonly frames: number;
  /** empty without `verify` */
  readonly wrongRows: readonly WrongRow[];
  /** goals a WebSocket client was told of; null without `verify` */
  readonly goalsAnnounced: number | null;
  /** goals beyond the five that one commit tells, when a host was held up: shown in the score only; null without `verify` */
  readonly goalsUntold: number | null;
  readonly duplicateAnnouncements: number | null;
  /** publish → commit and publish → WebSocket client; null without `verify` */
  readonly latencyMs: { readonly commit: Percentiles; readonly client: Percentiles } | null;
  /** with `predictions` and `verify` */
  readonly settlement?: SettlementFindings;
}

/** Without `verify` nothing was looked at, so nothing was found wrong. */
export function isRight(summary: ReplaySummary): boolean {
  const { goals, goalsAnnounced, goalsUntold, duplicateAnnouncements, wrongRows, settlement } = summary;
  if (goalsAnnounced === null || goalsUntold === null) return true;
  if (settlement && settlement.wrong > 0) return false;
  return wrongRows.length === 0 && goalsAnnounced + goalsUntold === goals && duplicateAnnouncements === 0;
}
