import type { Clock } from '../kernel/clock.js';
import {
  type AnnouncedIncident,
  type JournaledChange,
  type JournalSlice,
  RecentChanges,
  type WantedVersions,
} from '../reannounce/ports/recent-changes.js';

/** The store tells what was committed lately, in memory, held to the same contract as PostgreSQL. */
export class InMemoryRecentChanges extends RecentChanges {
  /** `withinMs` of every call */
  readonly asked: number[] = [];
  /** matches of every call of `after` */
  readonly wanted: (readonly string[])[] = [];
  /** awaited before each answer */
  answer: () => Promise<void> = async () => undefined;
  private readonly journal: JournaledChange[] = [];
  private readonly announced: AnnouncedIncident[] = [];

  /** @param clock the database's own */
  constructor(private readonly clock: Clock) {
    super();
  }

  add(...changes: readonly JournaledChange[]): void {
    this.journal.push(...changes);
  }

  announce(...incidents: readonly AnnouncedIncident[]): void {
    this.announced.push(...incidents);
  }

  override async load(withinMs: number, limit: number): Promise<readonly JournaledChange[]> {
    this.asked.push(withinMs);
    const sinceMs = this.clock.nowMs() - withinMs;
    const found = this.journal.filter(({ committedAtMs }) => committedAtMs >= sinceMs);
    await this.answer();
    return found
      .sort((a, b) => a.committedAtMs - b.committedAtMs || a.epoch - b.epoch || a.version - b.version)
      .slice(-limit);
  }

  override async incidents(withinMs: number, limit: number): Promise<readonly AnnouncedIncident[]> {
    const sinceMs = this.clock.nowMs() - withinMs;
    const found = this.announced.filter(({ announcedAtMs }) => announcedAtMs >= sinceMs);
    return found.sort((a, b) => a.announcedAtMs - b.announcedAtMs).slice(-limit);
  }

  override async after(wanted: readonly WantedVersions[], limit: number): Promise<JournalSlice> {
    this.wanted.push(wanted.map(({ matchId }) => matchId));
    const positions = new Map(wanted.map(({ matchId, after }) => [matchId, after]));
    const found = this.journal.filter(({ matchId, epoch, version }) => {
      const after = positions.get(matchId);
      return after !== undefined && (epoch - after.epoch || version - after.version) > 0;
    });
    await this.answer();
    const inOrder = found.sort(
      (a, b) =>
        Number(a.matchId > b.matchId) - Number(a.matchId < b.matchId) || a.epoch - b.epoch || a.version - b.version,
    );
    return { changes: inOrder.slice(0, limit), isCut: inOrder.length > limit };
  }
}
