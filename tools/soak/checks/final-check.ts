import { setTimeout as sleep } from 'node:timers/promises';
import { announcementFindings } from '../../faults/checks/announcements.js';
import { unbalancedBooks } from '../../faults/checks/books.js';
import type { Finding } from '../../faults/checks/finding.js';
import { journalFindings } from '../../faults/checks/journal.js';
import { wrongRows } from '../../faults/checks/rows.js';
import type { HostProcess } from '../../faults/parts/host-process.js';
import type { SeenFrame } from '../../faults/parts/screen.js';
import type { LiveMatch } from '../model/live-match.js';
import { MATCH_DAY } from '../model/match-day.js';
import type { Stage } from '../stage.js';
import { checkMatch } from './match-check.js';

const SETTLE_TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 200;
/** matches asked for at once */
const BATCH = 200;

/**
 * Waits until everything is acknowledged and in the rows, but not longer than a minute; what is not then is found.
 * @param open the matches still being played: those that are over were right long ago, or never will be
 * @param sent messages, of whoever sent them
 */
export async function untilRight(stage: Stage, open: readonly LiveMatch[], sent: number): Promise<void> {
  const deadline = performance.now() + SETTLE_TIMEOUT_MS;
  const isWaiting = async () => {
    if (stage.deliveries.acknowledgedCount < sent) return true;
    const { lost, findings } = await checkRows(stage, open);
    return lost > 0 || findings.length > 0;
  };
  while ((await isWaiting()) && performance.now() < deadline) await sleep(LOOK_EVERY_MS);
}

export interface FinalCheck {
  readonly lost: number;
  readonly findings: readonly Finding[];
}

/** Every match that was played against its row, its journal and what the screen was told. */
export async function finalCheck(
  stage: Stage,
  matches: readonly LiveMatch[],
  host: HostProcess,
  sent: number,
): Promise<FinalCheck> {
  const { deliveries, database, slot } = stage;
  const findings = [...(await unbalancedBooks(host))];
  const broken = (text: string) => findings.push({ kind: 'broken', text });
  if (deliveries.acknowledgedCount !== sent) broken(`${deliveries.acknowledgedCount} of ${sent} acknowledged`);
  if (deliveries.strayCount > 0) broken(`${deliveries.strayCount} acknowledgements of nothing`);
  const letters = await database.deadLetters(MATCH_DAY);
  if (letters.length > 0) broken(`${letters.length} dead letters, the first: ${JSON.stringify(letters[0])}`);
  // the first gap is the time before the host served
  if (slot.screen.gaps.length > 1) broken(`the screen was cut off ${slot.screen.gaps.length - 1} times`);
  const told = byMatch(slot.screen.frames);
  const histories = new Map(matches.map(({ matchId, history }) => [matchId, history]));
  const truth = {
    history: (matchId: string) => histories.get(matchId),
    frame: (matchId: string, nth: number) => histories.get(matchId)?.frames[nth - 1],
  };
  let lost = 0;
  for (const batch of batches(matches)) {
    const rows = await checkRows(stage, batch);
    lost += rows.lost;
    const entries = await database.journal(batch.map(({ matchId }) => matchId));
    const frames = batch.flatMap(({ matchId }) => told.get(matchId) ?? []);
    findings.push(...rows.findings, ...journalFindings(entries, truth), ...announcementFindings(frames, entries));
  }
  return { lost, findings };
}

async function checkRows({ database, details }: Stage, matches: readonly LiveMatch[]): Promise<FinalCheck> {
  // a match that has told nothing of its score yet has no frame to show
  const begun = matches.filter(({ told }) => told.frames.length > 0);
  const ids = begun.map(({ matchId }) => matchId);
  const [rows, documents] = await Promise.all([database.matches(ids), details.read(ids)]);
  const findings = await wrongRows(
    database,
    begun.map(({ told }) => told),
  );
  let lost = 0;
  for (const match of begun) {
    const { matchId } = match;
    const check = checkMatch(match, rows.get(matchId), documents.get(matchId));
    lost += check.lost;
    if (check.surplus > 0)
      findings.push({ kind: 'wrong-row', text: `${matchId}: ${check.surplus} incidents or lines that were not told` });
    if (check.lost > 0) findings.push({ kind: 'lost', text: `${matchId}: ${check.lost} not in its row` });
  }
  return { lost, findings };
}

function byMatch(frames: readonly SeenFrame[]): ReadonlyMap<string, readonly SeenFrame[]> {
  const groups = new Map<string, SeenFrame[]>();
  for (const frame of frames) {
    const group = groups.get(frame.matchId);
    if (group) group.push(frame);
    else groups.set(frame.matchId, [frame]);
  }
  return groups;
}

function batches<T>(list: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(list.length / BATCH);
  return Array.from({ length: count }, (_, n) => list.slice(n * BATCH, (n + 1) * BATCH));
}
