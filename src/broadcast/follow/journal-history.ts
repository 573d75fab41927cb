import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MatchTimes } from '../../contracts/match-times.js';
import type { Clock } from '../../kernel/clock.js';
import type { JournaledChange, RecentChanges } from '../../reannounce/ports/recent-changes.js';
import { comparePositions, type Position } from '../ports/position.js';
import type { VersionTold } from '../ports/told.js';
import { type After, VersionHistory } from '../ports/version-history.js';
import { toldByJournal } from './journal-told.js';

/** Of one answer to all who ask together. */
const MOST_VERSIONS = 2_000;
const MOST_MATCHES = 500;
/** Who asks while so many wait is told nothing. */
const MOST_WAITING = 200;
/** Nobody waits longer for the journal. */
const MOST_WAIT_MS = 3_000;
/** Made in one turn of the event loop. */
const VERSIONS_PER_TURN = 250;

type Answer = ReadonlyMap<string, readonly VersionTold[]>;

interface Asked {
  readonly wanted: readonly After[];
  readonly atMs: number;
  /** all together were too much for one answer */
  isAlone: boolean;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * Reads the versions that clients missed in the journal, one statement after the other, each for all who wait by then, so that
 * however many ask, one connection is busy with them. Where all together miss too much for one answer, each gets its own.
 */
export class JournalHistory extends VersionHistory {
  private waiting: Asked[] = [];
  private isReading = false;

  constructor(
    private readonly journal: Pick<RecentChanges, 'after'>,
    private readonly clock: Clock,
    private readonly times: MatchTimes,
  ) {
    super();
  }

  override after(wanted: readonly After[]): Promise<Answer> {
    if (this.waiting.length >= MOST_WAITING) return Promise.resolve(new Map());
    return new Promise((resolve, reject) => {
      const atMs = this.clock.nowMs();
      this.waiting.push({ wanted: wanted.slice(0, MOST_MATCHES), atMs, isAlone: false, resolve, reject });
      void this.work();
    });
  }

  private async work(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    // who asks in the same turn is answered together
    await Promise.resolve();
    while (this.waiting.length > 0) await this.turn();
    this.isReading = false;
  }

  private async turn(): Promise<void> {
    this.letGo();
    const { askers, from } = this.nextAskers();
    if (askers.length === 0) return;
    try {
      const wanted = [...from].map(([matchId, after]) => ({ matchId, after }));
      const { changes, isCut } = await this.journal.after(wanted, MOST_VERSIONS);
      if (isCut && askers.length > 1) {
        for (const asker of askers) asker.isAlone = true;
        this.waiting.unshift(...askers);
        return;
      }
      const versions = await this.versionsOf(changes, from, isCut);
      for (const { wanted: own, resolve } of askers) resolve(partOf(versions, own));
    } catch (error) {
      for (const { reject } of askers) reject(error);
    }
  }

  /** Those who asked too long ago have been answered without the journal. */
  private letGo(): void {
    const sinceMs = this.clock.nowMs() - MOST_WAIT_MS;
    const isOver = ({ atMs }: Asked) => atMs < sinceMs;
    for (const { resolve } of this.waiting.filter(isOver)) resolve(new Map());
    this.waiting = this.waiting.filter((asked) => !isOver(asked));
  }

  /** The first who wait, as many as ask for 500 matches together, and the earliest position of each match. */
  private nextAskers(): { readonly askers: readonly Asked[]; readonly from: Map<string, Position> } {
    const from = new Map<string, Position>();
    const askers: Asked[] = [];
    for (const asker of this.waiting) {
      const added = asker.wanted.filter(({ matchId }) => !from.has(matchId)).length;
      if (askers.length > 0 && (asker.isAlone || from.size + added > MOST_MATCHES)) break;
      for (const { matchId, after } of asker.wanted) {
        const earliest = from.get(matchId);
        if (!earliest || comparePositions(after, earliest) < 0) from.set(matchId, after);
      }
      askers.push(asker);
      if (asker.isAlone) break;
    }
    this.waiting = this.waiting.slice(askers.length);
    return { askers, from };
  }

  /** In several turns of the event loop, where there are many. */
  private async versionsOf(
    changes: readonly JournaledChange[],
    from: ReadonlyMap<string, Position>,
    isCut: boolean,
  ): Promise<Answer> {
    const byMatch = changesByMatch(changes);
    // of a cut answer the last match may go on
    const last = changes.at(-1)?.matchId;
    if (isCut && last !== undefined) byMatch.delete(last);
    const versions = new Map<string, readonly VersionTold[]>();
    let made = 0;
    for (const [matchId, ofMatch] of byMatch) {
      const after = from.get(matchId);
      if (!after) continue;
      if (made > VERSIONS_PER_TURN) {
        await nextTurn();
        made = 0;
      }
      made += ofMatch.length;
      const told = toldByJournal(ofMatch, after, this.clock.nowMs(), this.times);
      versions.set(
        matchId,
        told.flatMap(({ version }) => (version ? [version] : [])),
      );
    }
    return versions;
  }
}

function changesByMatch(changes: readonly JournaledChange[]): Map<string, JournaledChange[]> {
  const byMatch = new Map<string, JournaledChange[]>();
  for (const change of changes) {
    const ofMatch = byMatch.get(change.matchId);
    if (ofMatch) ofMatch.push(change);
    else byMatch.set(change.matchId, [change]);
  }
  return byMatch;
}

/** What one of those asked for, of what was read for all. */
function partOf(versions: Answer, wanted: readonly After[]): Answer {
  return new Map(
    wanted.flatMap(({ matchId, after }) => {
      const ofMatch = versions.get(matchId);
      if (!ofMatch) return [];
      return [[matchId, ofMatch.filter(({ position }) => comparePositions(position, after) > 0)] as const];
    }),
  );
}
