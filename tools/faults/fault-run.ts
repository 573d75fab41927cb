import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { announcementFindings } from './checks/announcements.js';
import type { Finding } from './checks/finding.js';
import { leaks } from './checks/leaks.js';
import { addCounts, type SettlementCounts } from './checks/settlement.js';
import type { Fault } from './faults/fault.js';
import type { BrokerKind } from './parts/broker.js';
import { Cleanup } from './parts/cleanup.js';
import type { HostResources } from './parts/host-probe.js';
import type { HostProcess } from './parts/host-process.js';
import type { Recovery } from './recovery.js';
import { Round, type RoundResult } from './round.js';
import { Stage } from './stage.js';

/** A fault with fewer rounds has none in which the outage has its full length. */
const ROUNDS_FOR_FULL_LENGTH = 3;

export interface FaultResult {
  readonly fault: Fault;
  readonly rounds: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly committed: number;
  readonly redelivered: number;
  readonly recoveries: readonly Recovery[];
  readonly settlement: SettlementCounts;
  readonly findings: readonly Finding[];
  readonly tookS: number;
  /** null when it is not worth keeping */
  readonly logDirectory: string | null;
}

export interface RunContext {
  readonly broker: BrokerKind;
  /** every outage in its full length, instead of one */
  readonly full: boolean;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly cleanup: Cleanup;
  say(text: string): void;
}

/** All rounds of one fault, on one stage. */
export async function runFault(fault: Fault, rounds: number, context: RunContext): Promise<FaultResult> {
  const start = performance.now();
  const cleanup = new Cleanup();
  context.cleanup.add(() => cleanup.run());
  const logDirectory = makeLogDirectory(fault, context);
  const results: RoundResult[] = [];
  const findings: Finding[] = [];
  try {
    const stage = await Stage.build(fault, context.broker, logDirectory, cleanup);
    findings.push(...(await playRounds(stage, fault, rounds, context, results)));
  } catch (error) {
    context.signal.throwIfAborted();
    const reason = error instanceof Error ? error.stack : error;
    findings.push({ kind: 'broken', text: `the round could not be played: ${reason}` });
  } finally {
    await cleanup.run();
  }
  findings.unshift(...results.flatMap((result) => result.findings));
  if (findings.length === 0) rmSync(logDirectory, { recursive: true, force: true });
  return {
    fault,
    rounds,
    sent: sum(results, 'sent'),
    acknowledged: sum(results, 'acknowledged'),
    committed: sum(results, 'committed'),
    redelivered: sum(results, 'redelivered'),
    recoveries: results.flatMap((result) => result.recoveries),
    settlement: addCounts(results.map(({ settlement }) => settlement)),
    findings,
    tookS: Math.round((performance.now() - start) / 1000),
    logDirectory: findings.length === 0 ? null : logDirectory,
  };
}

/**
 * @param results of the rounds, added as they are played
 * @returns what shows only when all rounds are over
 */
async function playRounds(
  stage: Stage,
  fault: Fault,
  rounds: number,
  context: RunContext,
  results: RoundResult[],
): Promise<readonly Finding[]> {
  await stage.start();
  const watch = new LeakWatch(stage);
  const matchIds: string[] = [];
  for (let nth = 0; nth < rounds; nth++) {
    const isFull = context.full || (rounds >= ROUNDS_FOR_FULL_LENGTH && nth === rounds - 1);
    const round = new Round(stage, fault, nth, isFull, randomOf(context.seed, fault, nth), context.signal);
    matchIds.push(...round.matchIds);
    const result = await round.run(() => fault.strike(stage, round));
    results.push(result);
    await watch.look();
    context.say(`${fault.name} round ${nth + 1} of ${rounds}: ${summary(result)}`);
  }
  const frames = stage.screens.flatMap((screen) => screen.frames);
  return [...announcementFindings(frames, await stage.database.journal(matchIds)), ...watch.findings()];
}

/** Kept when there is something to find in it, and no interruption is the reason. */
function makeLogDirectory(fault: Fault, { cleanup, signal }: RunContext): string {
  const directory = mkdtempSync(join(tmpdir(), `livescore-faults-${fault.name}-`));
  // as root, Mosquitto turns into its own user before it writes
  chmodSync(directory, 0o777);
  cleanup.add(() => {
    if (signal.aborted) rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

/** Compares what hosts hold after their first round and after their last one. */
class LeakWatch {
  private readonly seen = new Map<HostProcess, { readonly first: HostResources; last: HostResources }>();

  constructor(private readonly stage: Stage) {}

  async look(): Promise<void> {
    for (const host of this.stage.hosts) {
      const last = await host.resources();
      const known = this.seen.get(host);
      if (known) known.last = last;
      else this.seen.set(host, { first: last, last });
    }
  }

  findings(): Finding[] {
    return [...this.seen].flatMap(([host, { first, last }]) => leaks(host, first, last));
  }
}

/** A round's own sequence: neither the number of rounds nor the other faults change it. */
function randomOf(seed: number, fault: Fault, nth: number): SeededRandom {
  const text = `${seed}/${fault.name}/${nth}`;
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return new SeededRandom(hash);
}

function summary(result: RoundResult): string {
  const { sent, acknowledged, committed, redelivered, recoveries, settlement, findings } = result;
  const times = recoveries.map(({ firstCommitMs, caughtUpMs }) => `${firstCommitMs ?? '–'}/${caughtUpMs ?? '–'} ms`);
  const faults = findings.length === 0 ? 'all right' : `${findings.length} FINDINGS`;
  const { predictions, settled, reversed, told } = settlement;
  return (
    `${sent} sent, ${acknowledged} acknowledged, ${committed} committed, ${redelivered} sent again, ` +
    `${settled} of ${predictions} predictions settled, ${reversed} reversed, ${told} told, ` +
    `recovery ${times.join(', ')}: ${faults}`
  );
}

function sum(results: readonly RoundResult[], field: 'sent' | 'acknowledged' | 'committed' | 'redelivered'): number {
  return results.reduce((total, result) => total + result[field], 0);
}
