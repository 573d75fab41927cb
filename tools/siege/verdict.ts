import type { ProcessSize } from '../soak/process-memory.js';

/** What a siege was, counted. The last line of `--json`. */
export interface SiegeVerdict {
  readonly seconds: number;
  readonly rate: number;
  /** messages about matches that are played, and hostile ones beside them */
  readonly sent: number;
  readonly hostile: number;
  /** kinds of attackers, and how often they connected or tried to */
  readonly attacks: number;
  readonly tries: number;
  readonly lost: number;
  /** rows, journal, frames and books that are not as they should be */
  readonly findings: number;
  /** connections to the broker after the first */
  readonly keepaliveLost: number;
  /** before the attackers came and after they were gone, under the same load: memory after full collections */
  readonly before: ProcessSize;
  readonly after: ProcessSize;
  /** while they were there */
  readonly most: ProcessSize;
  readonly logBytes: number;
  /** seconds in which so much was logged */
  readonly loggedS: number;
  /** of the health route, ms; a busy machine shows here, too */
  readonly healthP99Ms: number;
  readonly healthUnanswered: number;
  /** share of one core that the host took, before and during the siege */
  readonly cpuBefore: number;
  readonly cpuDuring: number;
}

const MOST_RSS_RATIO = 1.1;
/** Half a minute: most of what a process takes for good it takes then. */
const MORE_RSS_SHORT_MB = 150;
/** 10 MB in half an hour. */
const MOST_LOG_BYTES_PER_S = 10_000_000 / 1_800;
const BOOT_LOG_BYTES = 100_000;

/** What does not hold, in words; empty when all does. @param patient about memory */
export function brokenPromises(verdict: SiegeVerdict, patient: boolean): readonly string[] {
  const { lost, findings, keepaliveLost, before, after, logBytes, loggedS } = verdict;
  const mostMb = patient ? before.rssMb + MORE_RSS_SHORT_MB : before.rssMb * MOST_RSS_RATIO;
  const mostLogBytes = BOOT_LOG_BYTES + MOST_LOG_BYTES_PER_S * loggedS;
  const faults = [
    lost > 0 && `${lost} lost`,
    findings > 0 && `${findings} rows, versions, frames or books are wrong`,
    keepaliveLost > 0 && `the connection to the broker was lost ${keepaliveLost} times`,
    !(after.rssMb <= mostMb) && `${after.rssMb} MB afterwards, at most ${mostMb.toFixed(1)}`,
    !(after.fds <= before.fds) && `${after.fds} open files afterwards, at most ${before.fds}`,
    !(logBytes <= mostLogBytes) && `${logBytes} bytes of log, at most ${Math.round(mostLogBytes)}`,
    verdict.tries === 0 && 'nobody attacked',
  ];
  return faults.filter((fault) => fault !== false);
}
