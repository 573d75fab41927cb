import type { Incident } from '../domain/match-update.js';
import {
  type Acquaintance,
  type DueMinute,
  type FormatDispute,
  type LiveRow,
  type MinuteBasis,
  type MinuteSetting,
  MinuteStore,
  type TickAnswer,
  type TickCircumstances,
} from '../minute/ports/minute-store.js';

const TICKING: ReadonlySet<number> = new Set([2, 3, 4, 5]);

/** The row is a match row as far as the minute is concerned. */
export interface MinuteRow extends MinuteBasis {
  readonly minute: number | null;
  readonly version: number;
  readonly epoch: number;
  readonly announcements: readonly Incident[];
}

/**
 * The store keeps the minute columns and the tables beside them, in memory, held to the same contract as PostgreSQL.
 */
export class InMemoryMinuteStore extends MinuteStore {
  /** statements fail with this error; null: they work */
  failure: Error | null = null;
  /** of the lease of the feed */
  fence = 0;
  /** statements that wrote or read minutes */
  ticks = 0;
  /** rows that were written, in order */
  readonly writes: { readonly matchId: string; readonly minute: number }[] = [];
  readonly locked = new Set<string>();
  readonly disputes = new Map<string, FormatDispute>();
  /** matches whose minute nobody else can move; time does not end it here */
  held: readonly string[] = [];
  set: Omit<MinuteSetting, 'disputed'> = { mode: null, formats: [], matches: [] };
  private readonly rows = new Map<string, MinuteRow>();

  put(matchId: string, row: Partial<MinuteRow>): void {
    const kickoffs = { firstHalfS: null, secondHalfS: null, overtimeS: null };
    const fresh: MinuteRow = {
      status: 1,
      kickoffs,
      fallbackKickoffS: null,
      minute: null,
      version: 0,
      epoch: 0,
      announcements: [],
    };
    this.rows.set(matchId, { ...fresh, ...this.rows.get(matchId), ...row });
  }

  row(matchId: string): MinuteRow | undefined {
    return this.rows.get(matchId);
  }

  override async tick(due: readonly DueMinute[], { fence, only }: TickCircumstances): Promise<TickAnswer> {
    this.ticks += 1;
    if (this.failure) throw this.failure;
    const wanted = new Map(due.map((one) => [one.matchId, one]));
    const live = [...this.rows].filter(([id, { status }]) => TICKING.has(status) && (only?.includes(id) ?? true));
    const rows = live.flatMap(([matchId, row]): LiveRow[] => {
      const { status, kickoffs, fallbackKickoffS, version, minute: before } = row;
      const to = wanted.get(matchId);
      const written =
        to !== undefined && sameBasis(to.basis, row) && to.minute !== before && this.isFree(matchId, fence);
      if (written) {
        this.put(matchId, { minute: to.minute });
        this.writes.push({ matchId, minute: to.minute });
      }
      const minute = written ? to.minute : before;
      if (to && sameBasis(to.basis, row) && to.minute === before) return [];
      return [{ matchId, status, kickoffs, fallbackKickoffS, version, minute, before, written }];
    });
    const inPlay = new Set(live.map(([matchId]) => matchId));
    return { rows, gone: due.map(({ matchId }) => matchId).filter((matchId) => !inPlay.has(matchId)) };
  }

  override async hold(matchIds: readonly string[], forMs: number, fence: number | null): Promise<void> {
    if (this.failure) throw this.failure;
    if (fence === null || fence >= this.fence) this.held = forMs > 0 ? matchIds : [];
  }

  /** Another program writes the minute; a hold keeps the one that is there. */
  overwrite(matchId: string, minute: number): void {
    const isHeld = this.held.includes(matchId) && (this.set.mode ?? 'on') === 'on';
    if (!isHeld) this.put(matchId, { minute });
  }

  override async acquaint(matchIds: readonly string[]): Promise<readonly Acquaintance[]> {
    if (this.failure) throw this.failure;
    return matchIds.flatMap((matchId) => {
      const row = this.rows.get(matchId);
      return row ? [{ matchId, epoch: row.epoch, announcements: row.announcements }] : [];
    });
  }

  override async setting(competitions: readonly string[], nowS: number | null): Promise<MinuteSetting> {
    if (this.failure) throw this.failure;
    const known = new Set([
      ...competitions,
      ...this.set.formats.flatMap(([scope, id]) => (scope === 'match' ? [] : [id])),
    ]);
    const own = new Set(this.set.formats.flatMap(([scope, id]) => (scope === 'match' ? [id] : [])));
    return {
      ...this.set,
      matches: nowS === null ? [] : this.set.matches.filter(([, competition]) => known.has(competition)),
      disputed: [...this.disputes.values()]
        .filter(({ matchId }) => !own.has(matchId))
        .map(({ matchId, playedS }) => [matchId, playedS]),
    };
  }

  override async dispute(dispute: FormatDispute): Promise<void> {
    if (this.failure) throw this.failure;
    if (!this.disputes.has(dispute.matchId)) this.disputes.set(dispute.matchId, dispute);
  }

  private isFree(matchId: string, fence: number | null): boolean {
    return !this.locked.has(matchId) && (fence === null || fence >= this.fence);
  }
}

function sameBasis(a: MinuteBasis, b: MinuteBasis): boolean {
  return (
    a.status === b.status &&
    a.fallbackKickoffS === b.fallbackKickoffS &&
    a.kickoffs.firstHalfS === b.kickoffs.firstHalfS &&
    a.kickoffs.secondHalfS === b.kickoffs.secondHalfS &&
    a.kickoffs.overtimeS === b.kickoffs.overtimeS
  );
}
