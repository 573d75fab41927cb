import { Injectable } from '@nestjs/common';
import type { EntityDefinition } from '../../../domain/sync/entity-definition.js';
import type { StoredField } from '../../../domain/sync/entity-row.js';
import { Database } from '../../../postgres/database.js';
import {
  type EntityColumns,
  type EntityPage,
  EntityStore,
  type KeysAfter,
  type PageStored,
  type RowDifference,
  type TeamLack,
} from '../../ports/entity-store.js';
import { INCOMPLETE_TEAMS, NOTE_ASKED } from './asked-team-statements.js';
import { type EntityStatements, entityStatements } from './entity-statements.js';
import { fitTable, type TableColumn, type TypedField } from './entity-table.js';
import { columnsOf, keysOf, MARK_DELETED, unknownOf } from './key-statements.js';

interface CompareRow {
  readonly externalId: string;
  readonly present: boolean;
  /** column → null, or the value in a list */
  readonly ours: Readonly<Record<string, readonly [unknown] | null>>;
}

/** The platform's tables of entities through the package's own connections. */
@Injectable()
export class PgEntityStore extends EntityStore {
  private readonly statements = new WeakMap<readonly StoredField[], EntityStatements>();

  constructor(private readonly database: Database) {
    super();
  }

  override async columns(entity: EntityDefinition): Promise<EntityColumns> {
    return fitTable(entity, await this.database.query<TableColumn>(columnsOf(entity.table), []));
  }

  override async save({ entity, fields, rows, run, requestedAtMs }: EntityPage): Promise<PageStored> {
    const { save, source } = this.statementsOf(entity, fields);
    const { runId = null, nextPage = null, newest = null } = run ?? {};
    const values = [runId, nextPage, newest, requestedAtMs, ...source.values(rows)];
    const [stored] = await this.database.query<PageStored>(save, values);
    return stored ?? { held: false, added: 0, changed: 0 };
  }

  override async compare({ entity, fields, rows }: EntityPage): Promise<readonly RowDifference[]> {
    const { compare, source } = this.statementsOf(entity, fields);
    const found = await this.database.query<CompareRow>(compare, source.values(rows));
    return found.map(({ externalId, present, ours }) => ({ externalId, ours: present ? differing(ours) : null }));
  }

  override async unknown(entity: EntityDefinition, externalIds: readonly string[]): Promise<readonly string[]> {
    return (await this.database.query<{ id: string }>(unknownOf(entity), [externalIds])).map(({ id }) => id);
  }

  override async keys(entity: EntityDefinition, { after, limit, createdBeforeMs }: KeysAfter) {
    const rows = await this.database.query<{ id: string }>(keysOf(entity), [after, limit, createdBeforeMs]);
    return rows.map(({ id }) => id);
  }

  override async markDeleted({ name }: EntityDefinition, externalIds: readonly string[], runId: string) {
    return (await this.database.query(MARK_DELETED, [name, externalIds, runId])).length;
  }

  override async incompleteTeams(lacks: TeamLack, notAskedForMs: number, limit: number) {
    const values = [lacks === 'name-or-logo', notAskedForMs, limit];
    return (await this.database.query<{ id: string }>(INCOMPLETE_TEAMS, values)).map(({ id }) => id);
  }

  override async noteAsked(externalIds: readonly string[]): Promise<void> {
    await this.database.query(NOTE_ASKED, [externalIds]);
  }

  private statementsOf(entity: EntityDefinition, fields: readonly StoredField[]): EntityStatements {
    const known = this.statements.get(fields) ?? entityStatements(entity, fields as readonly TypedField[]);
    this.statements.set(fields, known);
    return known;
  }
}

function differing(ours: CompareRow['ours']): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(ours).flatMap(([column, value]) => (value ? [[column, value[0]]] : [])));
}
