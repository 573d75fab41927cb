import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { EntityDefinition } from '../../domain/sync/entity-definition.js';
import { isRefused, readItem } from '../../domain/sync/entity-row.js';
import { Clock } from '../../kernel/clock.js';
import type { ProviderItem } from '../../provider/ports/provider-lists.js';
import { EntityStore } from '../ports/entity-store.js';
import { ExtraEntities } from '../ports/extra-entities.js';
import { competition } from './list/competition.js';
import { team } from './list/team.js';

const OF: Readonly<Record<'team' | 'competition', EntityDefinition>> = { team, competition };
const MOST_KNOWN = 20_000;
const KNOWN_FOR_MS = 3_600_000;

/** Gives a match that was just met the names of its teams and competition, before their own lists are read. */
@Injectable()
export class ExtraEntityRows extends ExtraEntities {
  private readonly known: LRUCache<string, true>;

  constructor(
    private readonly store: EntityStore,
    private readonly clock: Clock,
  ) {
    super();
    this.known = new LRUCache({ max: MOST_KNOWN, ttl: KNOWN_FOR_MS, perf: { now: () => clock.nowMs() } });
  }

  override async offer(name: 'team' | 'competition', items: readonly ProviderItem[]): Promise<void> {
    const entity = OF[name];
    const offered = items.filter(({ id }) => typeof id === 'string' && !this.known.has(`${name} ${id}`));
    if (offered.length === 0) return;
    const { fields } = await this.store.columns(entity);
    if (!fields) return;
    const rows = offered.flatMap((item) => {
      const row = readItem(item, fields);
      return isRefused(row) ? [] : [row];
    });
    const unknown = new Set(
      await this.store.unknown(
        entity,
        rows.map(({ externalId }) => externalId),
      ),
    );
    const fresh = [...new Map(rows.map((row) => [row.externalId, row])).values()].filter(({ externalId }) =>
      unknown.has(externalId),
    );
    if (fresh.length > 0) {
      await this.store.save({ entity, fields, rows: fresh, run: null, requestedAtMs: this.clock.nowMs() });
    }
    for (const { externalId } of rows) this.known.set(`${name} ${externalId}`, true);
  }
}
