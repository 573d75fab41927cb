import type { EntityDefinition } from '../../domain/sync/entity-definition.js';
import type { EntityRow, StoredField } from '../../domain/sync/entity-row.js';

/** What the platform's table takes of an entity. */
export interface EntityColumns {
  /** null: there is no such table */
  readonly fields: readonly StoredField[] | null;
  /** columns that are left out, each with the reason: `national: missing` */
  readonly leftOut: readonly string[];
}

/** One page of a run, stored in one commit with the page cursor. */
export interface EntityPage {
  readonly entity: EntityDefinition;
  readonly fields: readonly StoredField[];
  /** no id twice */
  readonly rows: readonly EntityRow[];
  /** null outside a run: no cursor moves */
  readonly run: PageOfRun | null;
  /** our clock when the request left, unix ms: a deletion that was noticed later still holds */
  readonly requestedAtMs: number;
}

export interface PageOfRun {
  readonly runId: string;
  /** the first page that is not stored once this one is */
  readonly nextPage: number;
  /** newest change stored so far, unix seconds; null without one */
  readonly newest: number | null;
}

export interface PageStored {
  /** false: the run belongs to another instance now, and nothing was written */
  readonly held: boolean;
  readonly added: number;
  readonly changed: number;
}

/** How one entry of the provider differs from its row. */
export interface RowDifference {
  readonly externalId: string;
  /** null: there is no row; else column → what the row says, of columns that differ */
  readonly ours: Readonly<Record<string, unknown>> | null;
}

export interface KeysAfter {
  readonly after: string;
  readonly limit: number;
  /** rows that came later are left out, database clock, unix ms */
  readonly createdBeforeMs: number;
}

/** The platform's tables of entities, and our marks of what the provider deleted. Port and injection token in one. */
export abstract class EntityStore {
  /** Looks at the catalogue of the database. @throws the driver's error */
  abstract columns(entity: EntityDefinition): Promise<EntityColumns>;

  /**
   * Adds rows that are new, changes those that differ, touches no other, and takes back marks of deletion that are older than
   * the request. A value is only replaced by a value, or cleared where the entry says so.
   * @throws the driver's error: nothing is stored then
   */
  abstract save(page: EntityPage): Promise<PageStored>;

  /** What `save` would do. Rows that would stay are not told. */
  abstract compare(page: EntityPage): Promise<readonly RowDifference[]>;

  /** Which of these ids have no row. */
  abstract unknown(entity: EntityDefinition, externalIds: readonly string[]): Promise<readonly string[]>;

  /** Keys of rows that are not marked as deleted, in order. */
  abstract keys(entity: EntityDefinition, from: KeysAfter): Promise<readonly string[]>;

  /** Marks keys as deleted by the provider; their rows stay. @returns how many were not marked before; 0 when the run is lost */
  abstract markDeleted(entity: EntityDefinition, externalIds: readonly string[], runId: string): Promise<number>;

  /**
   * Rows of teams without a name or logo, oldest first, that nobody has asked the provider about for that long.
   * @param lacks which of them
   */
  abstract incompleteTeams(lacks: TeamLack, notAskedForMs: number, limit: number): Promise<readonly string[]>;

  /** Notes that the provider was asked about these teams now. */
  abstract noteAsked(externalIds: readonly string[]): Promise<void>;
}

export type TeamLack = 'name-or-logo' | 'logo';
