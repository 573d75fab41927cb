import { MatchStatus } from '../../../src/domain/match-status.js';
import type { Frame, MatchHistory } from '../model/match-history.js';
import type { Truth } from '../model/truth.js';
import type { JournalEntry, StoredScore } from '../parts/match-database.js';
import type { Finding } from './finding.js';

/**
 * The journal of a match must be its history with steps left out: every entry shows a frame that truly was, each a
 * later one than the entry before. Then every goal that stood is in it once, and no goal is taken back for nothing.
 */
export function journalFindings(entries: readonly JournalEntry[], truth: Pick<Truth, 'history' | 'frame'>): Finding[] {
  return [...byMatch(entries)].flatMap(([matchId, journal]) => matchFindings(matchId, journal, truth));
}

export function byMatch(entries: readonly JournalEntry[]): ReadonlyMap<string, readonly JournalEntry[]> {
  const groups = new Map<string, JournalEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.matchId);
    if (group) group.push(entry);
    else groups.set(entry.matchId, [entry]);
  }
  return groups;
}

function matchFindings(
  matchId: string,
  journal: readonly JournalEntry[],
  truth: Pick<Truth, 'history' | 'frame'>,
): Finding[] {
  const findings: Finding[] = [];
  const say = (kind: Finding['kind'], fault: string) =>
    findings.push({ kind, text: `${matchId}: ${fault}. Journal: ${journal.map(summary).join(' ')}` });
  let newest = 0;
  for (const [n, entry] of journal.entries()) {
    const nth = nthOf(entry.after);
    const before = journal[n - 1];
    if (before && entry.version !== before.version + 1)
      say('broken', `version ${entry.version} follows ${before.version}`);
    if (!isFrame(entry.after, truth.frame(matchId, nth)))
      say('wrong-row', `version ${entry.version} shows what never was`);
    if (!knowsKickoff(entry.after, truth.history(matchId)))
      say('wrong-row', `version ${entry.version} without its kick-off`);
    if (before && nth < newest) {
      const [was, is] = [goalsOf(before.after), goalsOf(entry.after)];
      if (is[0] < was[0] || is[1] < was[1])
        say('false-cancellation', `version ${entry.version} goes back to frame ${nth}`);
      else if (is[0] > was[0] || is[1] > was[1]) say('duplicated', `version ${entry.version} tells a goal again`);
      else if (nth < nthOf(before.after)) say('broken', `version ${entry.version} goes back to frame ${nth}`);
    }
    newest = Math.max(newest, nth);
  }
  return findings;
}

/** version, source and frame number: `3m17` */
function summary({ version, source, after, catchUp }: JournalEntry): string {
  return `${version}${source[0]}${nthOf(after)}${catchUp ? '!' : ''}`;
}

export function nthOf(score: StoredScore): number {
  return score.home?.[4] ?? 0;
}

export function goalsOf(score: StoredScore | null): readonly [home: number, away: number] {
  return [score?.home?.[0] ?? 0, score?.away?.[0] ?? 0];
}

function isFrame({ status, home, away }: StoredScore, frame: Frame | undefined): boolean {
  return (
    frame !== undefined &&
    JSON.stringify([status, home, away]) === JSON.stringify([frame.status, frame.home, frame.away])
  );
}

/** A version that shows a half has its kick-off. */
function knowsKickoff({ status, kickoffs }: StoredScore, history: MatchHistory | undefined): boolean {
  if (status === MatchStatus.FirstHalf) return kickoffs[0] === history?.kickoffs.firstHalfS;
  return status !== MatchStatus.SecondHalf || kickoffs[1] === history?.kickoffs.secondHalfS;
}
