import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { MatchLookups } from '../../contracts/match-lookups.js';
import { type ProviderChange, ProviderChanges } from '../../contracts/provider-changes.js';
import { Clock } from '../../kernel/clock.js';
import type { KeptChange } from '../ports/change-store.js';
import { FixtureStore } from '../ports/fixture-store.js';
import type { ChangeEntry } from './change-entry.js';

/** A match that begins within so many seconds is asked about, too. */
const SOON_S = 900;
const MOST_TOLD = 50_000;

/**
 * Tells whoever wants to know what has changed: the provider is asked about matches that are being played or about to, teams
 * and seasons go to whoever listens. The provider repeats an entry for two minutes; here it is told once.
 */
@Injectable()
export class ChangeRoutes {
  /** type and id → newest time that was told */
  private readonly told = new LRUCache<string, number>({ max: MOST_TOLD });

  constructor(
    private readonly store: FixtureStore,
    private readonly lookups: MatchLookups,
    private readonly changes: ProviderChanges,
    private readonly clock: Clock,
  ) {}

  /** @returns entries that are news, with what came of them. @throws the driver's error: then nobody was told anything */
  async route(entries: readonly ChangeEntry[]): Promise<readonly KeptChange[]> {
    const news = entries.filter((entry) => this.isNews(entry));
    const matchIds = [...new Set(news.flatMap(({ of, id }) => (of === 'match' ? [id] : [])))];
    const inPlay = new Set(matchIds.length > 0 ? await this.store.inPlay(matchIds, SOON_S) : []);
    const nowMs = this.clock.nowMs();
    for (const matchId of inPlay) this.lookups.request(matchId, nowMs);
    const isListenedTo = this.changes.hasListeners;
    this.changes.tell(news.flatMap(toProviderChange));
    for (const entry of news) this.told.set(keyOf(entry), entry.updatedAtS ?? 0);
    return news.map((entry) => ({ ...entry, fate: fateOf(entry, inPlay, isListenedTo) }));
  }

  /** They were not kept: they are told once more. */
  forget(changes: readonly ChangeEntry[]): void {
    for (const change of changes) this.told.delete(keyOf(change));
  }

  private isNews(entry: ChangeEntry): boolean {
    const told = this.told.get(keyOf(entry));
    return told === undefined || (entry.updatedAtS ?? 0) > told;
  }
}

function keyOf({ type, id }: ChangeEntry): string {
  return `${type}/${id}`;
}

function toProviderChange({ type, of, id, updatedAtS }: ChangeEntry): ProviderChange[] {
  return of === 'team' || of === 'season' ? [{ type, of, id, updatedAtS }] : [];
}

function fateOf({ of, id }: ChangeEntry, inPlay: ReadonlySet<string>, isListenedTo: boolean): string {
  if (of === 'match') return inPlay.has(id) ? 'looked-up' : 'kept';
  return isListenedTo && of !== 'other' ? 'told' : 'kept';
}
