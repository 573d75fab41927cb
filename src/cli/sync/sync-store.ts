import type { SyncOverview, SyncRow, WishKind } from './sync-row.js';

/** A run that somebody asks for. */
export interface Wish {
  readonly kind: WishKind;
  readonly by: string;
  readonly reason: string | null;
  /** the next full run may mark more than half of the table as deleted */
  readonly acceptsDeletions: boolean;
}

/** When a wish may be written. `between-runs`: no run is under way, and nobody else waits for one; `at-once`: in any case. */
export type WishMoment = 'between-runs' | 'at-once';

/** What the command line shares with the hosts: a row per entity. */
export abstract class SyncStore {
  abstract overview(): Promise<SyncOverview>;
  /** In the order of their names; unknown names have no row. */
  abstract rows(names: readonly string[]): Promise<readonly SyncRow[]>;
  /** @returns when it was asked for, unix ms by the database; null when the moment is not right */
  abstract ask(name: string, wish: Wish, moment: WishMoment): Promise<number | null>;
  /** @returns false when a host has begun with it, or somebody else has replaced it */
  abstract takeBack(name: string, wishedAtMs: number, by: string): Promise<boolean>;
}
