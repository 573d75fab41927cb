import { Injectable, Optional } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ReadDatabase } from '../../../postgres/database.js';
import { NAMES } from './live-statements.js';

/** What people call a match; null: the platform does not say. */
export interface MatchName {
  readonly home: string | null;
  readonly away: string | null;
  readonly competition: string | null;
}

export const NAMELESS: MatchName = Object.freeze({ home: null, away: null, competition: null });

const MOST = 5_000;
const KEPT_MS = 600_000;
/** Names may come later: the sync brings them. */
const NAMELESS_KEPT_MS = 30_000;

/** The names of matches, kept in memory: each is asked for once in ten minutes. */
@Injectable()
export class MatchNames {
  private readonly names = new LRUCache<string, MatchName>({ max: MOST });

  constructor(@Optional() private readonly database?: ReadDatabase) {}

  /** As far as it was asked for. */
  of(matchId: string): MatchName {
    return this.names.get(matchId) ?? NAMELESS;
  }

  /** Asks for those that are not known. Never rejects: a host may keep its teams elsewhere. */
  async learn(matchIds: readonly string[]): Promise<void> {
    const unknown = [...new Set(matchIds)].filter((id) => !this.names.has(id)).slice(0, MOST);
    if (unknown.length === 0) return;
    const found = new Map((await this.asked(unknown)).map(({ matchId, ...name }) => [matchId, name]));
    for (const id of unknown) {
      const name = found.get(id) ?? NAMELESS;
      this.names.set(id, name, { ttl: name.home === null || name.away === null ? NAMELESS_KEPT_MS : KEPT_MS });
    }
  }

  private async asked(ids: readonly string[]): Promise<readonly (MatchName & { readonly matchId: string })[]> {
    try {
      return (await this.database?.query<MatchName & { readonly matchId: string }>(NAMES, [ids])) ?? [];
    } catch {
      return [];
    }
  }
}
