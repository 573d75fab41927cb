import type { ProviderChanges } from './provider-changes.js';
import { type GroupsContent, NO_ROWS, type ProviderContent, type RowsContent } from './provider-content.js';
import type { ProviderDeletions } from './provider-deletions.js';
import {
  PROVIDER_ENTITY_KINDS,
  PROVIDER_ENTITY_LISTS,
  type ProviderEntities,
  type ProviderEntityKind,
} from './provider-entities.js';
import type { ProviderFixture, ProviderFixtures } from './provider-fixtures.js';
import type { ProviderMatch } from './provider-history.js';
import type { ShiftingList } from './provider-page-shift.js';
import type { ProviderPresentation } from './provider-presentation.js';
import { itemOf, type ProviderRow, type StoredRow, storedRow } from './provider-row.js';
import type { PageRequest, ProviderRowList } from './provider-row-list.js';

/** What the endpoints tell of. */
export interface ProviderStores {
  readonly entities: ProviderEntities;
  readonly fixtures: ProviderFixtures;
  readonly changes: ProviderChanges;
  readonly deletions: ProviderDeletions;
}

export interface EndpointRequest extends PageRequest {
  readonly params: URLSearchParams;
  readonly host: string;
  /** address of the caller */
  readonly caller: string;
  readonly nowMs: number;
  readonly shown: ProviderPresentation;
  /** the live matches, as they are told now */
  readonly live: () => readonly ProviderMatch[];
  /** live matches that nobody knows */
  readonly unrelatedLive: (count: number) => readonly ProviderMatch[];
}

type Endpoint = (request: EndpointRequest) => ProviderContent;

/** Every endpoint of the stand-in, by its path below the base address. */
export class ProviderEndpoints {
  private readonly byPath: ReadonlyMap<string, Endpoint>;
  private readonly kindByPath: ReadonlyMap<string, ProviderEntityKind>;

  constructor(private readonly stores: ProviderStores) {
    this.kindByPath = new Map(PROVIDER_ENTITY_KINDS.map((kind) => [PROVIDER_ENTITY_LISTS[kind], kind]));
    this.byPath = new Map<string, Endpoint>([
      ...PROVIDER_ENTITY_KINDS.map((kind): [string, Endpoint] => [
        PROVIDER_ENTITY_LISTS[kind],
        (request) => this.entityPage(kind, request),
      ]),
      ['/team/list', (request) => this.team(request)],
      ['/match/detail_live', liveMatches],
      ['/match/recent/list', (request) => this.recent(request)],
      ['/match/diary', (request) => this.diary(request)],
      ['/data/update', ({ nowMs, shown }) => groups(stores.changes.groups(nowMs, shown.changedForMs))],
      ['/deleted', ({ nowMs, shown }) => groups(stores.deletions.groups(nowMs, shown))],
      ['/ip/demo', ({ host, caller }) => groups({ host, request_ip: caller })],
    ]);
  }

  find(path: string): Endpoint | null {
    return this.byPath.get(path) ?? null;
  }

  /** The list at that path, when its pages may shift while it is read. */
  shiftingListAt(path: string): ShiftingList | null {
    const { entities, fixtures } = this.stores;
    if (path === '/match/recent/list') {
      return {
        rows: fixtures.list,
        putInFront: (rows) => fixtures.put(rows as readonly ProviderFixture[], 'front'),
        delete: (ids) => fixtures.delete(ids),
      };
    }
    const kind = this.kindByPath.get(path);
    if (kind === undefined) return null;
    return {
      rows: entities.list(kind),
      putInFront: (rows) => entities.put(kind, rows, 'front'),
      delete: (ids) => entities.delete(kind, ids),
    };
  }

  private entityPage(kind: ProviderEntityKind, request: EndpointRequest): RowsContent {
    const { entities } = this.stores;
    return { ...pageOf(entities.list(kind), request), omitted: entities.omittedFields(kind) };
  }

  /** One team; without `team_id` all of them, page by page. */
  private team(request: EndpointRequest): RowsContent {
    const list = this.stores.entities.list('team');
    const id = request.params.get('team_id');
    if (id === null) return pageOf(list, request);
    const row = list.stored(id);
    const unrelated = (count: number) =>
      list
        .head(count + 1)
        .filter((other) => other.id !== id)
        .slice(0, count);
    return { kind: 'rows', rows: row ? [row] : [], unrelated, before: NO_ROWS, paged: false };
  }

  private recent(request: EndpointRequest): RowsContent {
    const content = pageOf(this.stores.fixtures.list, request);
    return { ...content, extra: this.extraOf(content.rows) };
  }

  private diary(request: EndpointRequest): RowsContent {
    const { fixtures } = this.stores;
    const { pageSize } = request.shown;
    const day = fixtures.ofDay(request.params.get('date') ?? '') ?? [];
    const offset = (request.page - 1) * pageSize;
    const rows = day.slice(offset, offset + pageSize);
    return {
      kind: 'rows',
      rows,
      unrelated: (count) => fixtures.list.head(count),
      before: (count) => day.slice(Math.max(0, offset - count), offset),
      paged: true,
      extra: this.extraOf(rows),
    };
  }

  private extraOf(rows: readonly StoredRow[]): NonNullable<RowsContent['extra']> {
    const matches = rows.map(itemOf);
    const named = (kind: ProviderEntityKind, ids: readonly unknown[]) =>
      [...new Set(ids)].flatMap((id) => (typeof id === 'string' ? this.short(kind, id) : []));
    return {
      team: named(
        'team',
        matches.flatMap(({ home_team_id, away_team_id }) => [home_team_id, away_team_id]),
      ),
      competition: named(
        'competition',
        matches.map(({ competition_id }) => competition_id),
      ),
    };
  }

  private short(kind: ProviderEntityKind, id: string): ProviderRow[] {
    const row = this.stores.entities.get(kind, id);
    return row ? [{ id, name: row.name ?? '', logo: row.logo ?? row.logo_url ?? '' }] : [];
  }
}

function pageOf(list: ProviderRowList, { page, timeS, shown }: EndpointRequest): RowsContent {
  return {
    kind: 'rows',
    rows: list.page({ page, timeS }, shown),
    unrelated: (count) => list.head(count),
    before: (count) => (page > 1 ? list.page({ page: page - 1, timeS }, shown).slice(-count) : []),
    paged: true,
  };
}

function liveMatches({ live, unrelatedLive }: EndpointRequest): RowsContent {
  const unrelated = (count: number) => unrelatedLive(count).map(storedMatch);
  return { kind: 'rows', rows: live().map(storedMatch), unrelated, before: NO_ROWS, paged: false };
}

function storedMatch(match: ProviderMatch): StoredRow {
  return storedRow({ ...match }, 0, 0);
}

function groups(told: Readonly<Record<string, unknown>>): GroupsContent {
  return { kind: 'groups', groups: told };
}
