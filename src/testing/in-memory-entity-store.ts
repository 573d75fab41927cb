import { isDeepStrictEqual } from 'node:util';
import type { EntityDefinition } from '../domain/sync/entity-definition.js';
import type { EntityRow, FieldValue, StoredField } from '../domain/sync/entity-row.js';
import {
  type EntityColumns,
  type EntityPage,
  EntityStore,
  type KeysAfter,
  type PageStored,
  type RowDifference,
  type TeamLack,
} from '../sync/ports/entity-store.js';
import { InMemoryDeletionStore } from './in-memory-deletion-store.js';
import { InMemorySyncRuns } from './in-memory-sync-runs.js';

/** This store holds a row of a table as this. Times by the database's clock, unix ms. */
export interface StoredEntity {
  /** column → value; null where there is none */
  readonly values: Readonly<Record<string, FieldValue | null>>;
  readonly createdAtMs: number;
  /** when the provider changed the entry, as it says */
  readonly updatedAtMs: number;
}

/** The store keeps the platform's tables of entities, in memory, held to the same contract as PostgreSQL. */
export class InMemoryEntityStore extends EntityStore {
  /** team → when the provider was asked about it last, unix ms */
  readonly asked = new Map<string, number>();
  private readonly tables = new Map<string, Map<string, StoredEntity>>();

  /** @param nowMs the database's clock, unix ms */
  constructor(
    private readonly nowMs: () => number = Date.now,
    readonly runs = new InMemorySyncRuns(nowMs),
    readonly deletions = new InMemoryDeletionStore(nowMs),
  ) {
    super();
  }

  /** The rows of one entity by their id. */
  table(entity: string): Map<string, StoredEntity> {
    const table = this.tables.get(entity) ?? new Map<string, StoredEntity>();
    this.tables.set(entity, table);
    return table;
  }

  override async columns({ fields }: EntityDefinition): Promise<EntityColumns> {
    return { fields: fields.map((field) => ({ ...field, maxLength: null, bytes: 8 })), leftOut: [] };
  }

  override async save({ entity: { name }, fields, rows, run, requestedAtMs }: EntityPage): Promise<PageStored> {
    const counts = { added: 0, changed: 0 };
    if (run && !this.runs.moveTo(name, run.runId, run.nextPage, run.newest)) return { held: false, ...counts };
    for (const row of rows) {
      const known = this.table(name).get(row.externalId);
      if (!known) counts.added += 1;
      else if (differing(known, row, fields).length > 0) counts.changed += 1;
      this.saveOne(name, row, fields);
      this.deletions.listed(name, row.externalId, requestedAtMs);
    }
    return { held: true, ...counts };
  }

  override async compare({ entity, fields, rows }: EntityPage): Promise<readonly RowDifference[]> {
    return rows.flatMap((row): RowDifference[] => {
      const { externalId } = row;
      const known = this.table(entity.name).get(externalId);
      if (!known) return [{ externalId, ours: null }];
      const differ = differing(known, row, fields);
      const ours = Object.fromEntries(differ.map(({ column }) => [column, known.values[column] ?? null]));
      return differ.length > 0 ? [{ externalId, ours }] : [];
    });
  }

  override async unknown({ name }: EntityDefinition, externalIds: readonly string[]): Promise<readonly string[]> {
    return externalIds.filter((id) => !this.table(name).has(id));
  }

  override async keys({ name }: EntityDefinition, { after, limit, createdBeforeMs }: KeysAfter) {
    const listed = [...this.table(name)].filter(
      ([id, { createdAtMs }]) => id > after && createdAtMs < createdBeforeMs && !this.deletions.isDeleted(name, id),
    );
    return listed
      .map(([id]) => id)
      .sort()
      .slice(0, limit);
  }

  override async markDeleted({ name }: EntityDefinition, externalIds: readonly string[], runId: string) {
    if (!this.runs.isHeld(name, runId)) return 0;
    // a mark that was taken back is set anew, however lately that was
    return (await this.deletions.mark(name, externalIds, Number.NEGATIVE_INFINITY)).length;
  }

  override async incompleteTeams(lacks: TeamLack, notAskedForMs: number, limit: number) {
    const askedBeforeMs = this.nowMs() - notAskedForMs;
    const askedAtMs = (id: string) => this.asked.get(id) ?? Number.NEGATIVE_INFINITY;
    const lacking = [...this.table('team')].filter(([id, { values }]) => {
      const isLacking = !values.logo_url || (lacks === 'name-or-logo' && !values.name);
      return isLacking && askedAtMs(id) < askedBeforeMs && !this.deletions.isDeleted('team', id);
    });
    return lacking
      .sort(([a, x], [b, y]) => order(askedAtMs(a), askedAtMs(b)) || order(x.updatedAtMs, y.updatedAtMs) || order(a, b))
      .map(([id]) => id)
      .slice(0, limit);
  }

  override async noteAsked(externalIds: readonly string[]): Promise<void> {
    for (const id of externalIds) this.asked.set(id, this.nowMs());
  }

  private saveOne(entity: string, row: EntityRow, fields: readonly StoredField[]): void {
    const nowMs = this.nowMs();
    const known = this.table(entity).get(row.externalId);
    const differ = known ? differing(known, row, fields) : fields;
    if (differ.length === 0) return;
    const said = differ.map((field) => [field.column, known ? after(row, field) : first(row, field)]);
    this.table(entity).set(row.externalId, {
      values: { ...known?.values, ...Object.fromEntries(said) },
      createdAtMs: known?.createdAtMs ?? nowMs,
      updatedAtMs: row.updatedAtS === null ? nowMs : Math.min(row.updatedAtS * 1000, nowMs),
    });
  }
}

/** Fields of which the entry says something that the row does not. */
function differing({ values }: StoredEntity, row: EntityRow, fields: readonly StoredField[]): readonly StoredField[] {
  return fields.filter(({ column }) => {
    const [ours, theirs] = [values[column] ?? null, row.values[column] ?? null];
    return row.cleared.includes(column) ? ours !== null : theirs !== null && !isDeepStrictEqual(ours, theirs);
  });
}

function after({ cleared, values }: EntityRow, { column }: StoredField): FieldValue | null {
  return cleared.includes(column) ? null : (values[column] ?? null);
}

/** What a new row gets, also where the entry says nothing. */
function first({ values, fallbacks }: EntityRow, { column, isPresence }: StoredField): FieldValue | null {
  return values[column] ?? fallbacks[column] ?? (isPresence ? false : null);
}

function order<T extends number | string>(a: T, b: T): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
