import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFields } from '../../kernel/fields.js';
import { reasonOf } from '../../kernel/unreachable.errors.js';
import { CommandError } from '../cli.errors.js';

/** A table of a backup. */
export interface KeptTable {
  readonly name: string;
  /** `package` tables are replaced as a whole; those of the platform row by row, where they exist */
  readonly of: 'package' | 'platform';
  /** those of the copied rows, by name */
  readonly columns: readonly string[];
  readonly primaryKey: readonly string[];
  readonly rows: number;
  /** of all rows, whatever their order */
  readonly checksum: string;
}

export interface KeptFunction {
  /** as in `public.livescore_guard()` */
  readonly signature: string;
  readonly definition: string;
}

/** A process of PM2, without its settings. */
export interface KeptProcess {
  readonly name: string;
  readonly status: string;
  readonly mode: string;
  readonly restarts: number;
  /** names, never values */
  readonly environment: readonly string[];
}

/** What a backup holds, and of what: `manifest.json`. */
export interface Manifest {
  readonly format: 1;
  readonly madeAt: string;
  /** of this package */
  readonly version: string;
  readonly database: string;
  readonly schema: string;
  readonly server: string;
  readonly tool: string;
  readonly migrations: readonly string[];
  /** as it was set; null: nobody had set one */
  readonly stage: { readonly stage: string; readonly percent: number; readonly reason: string } | null;
  readonly tables: readonly KeptTable[];
  readonly functions: readonly KeptFunction[];
  readonly extensions: readonly { readonly name: string; readonly schema: string }[];
  /** foreign keys of other tables: no restore brings them back where their table was dropped */
  readonly referencedBy: readonly string[];
  /** null: PM2 did not answer */
  readonly processes: readonly KeptProcess[] | null;
  /** names of variables in the environment of this shell, never values */
  readonly environment: readonly string[];
  /** when it was read back into a scratch database; null: it was not */
  readonly checkedAt: string | null;
}

export const MANIFEST = 'manifest.json';
/** The archive of the tables of this package, and that of one table of the platform. */
export const PACKAGE_ARCHIVE = 'livescore.dump';
export const archiveOf = ({ name, of }: Pick<KeptTable, 'name' | 'of'>): string =>
  of === 'package' ? PACKAGE_ARCHIVE : `${name}.dump`;

/** @throws CommandError when there is none, or it is none */
export function readManifest(path: string): Manifest {
  const file = join(path, MANIFEST);
  const manifest = parsed(file);
  if (isManifest(manifest)) return manifest;
  throw new CommandError('LIVESCORE_NO_BACKUP', `${file} is not the manifest of a backup that this version reads`);
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const message = `${file} cannot be read (${reasonOf(cause)}): name the directory that livescore backup made`;
    throw new CommandError('LIVESCORE_NO_BACKUP', message, {}, { cause });
  }
}

const LISTS = ['migrations', 'tables', 'functions', 'extensions', 'referencedBy', 'environment'] as const;
const TEXTS = ['madeAt', 'version', 'database', 'schema', 'server', 'tool'] as const;

function isManifest(value: unknown): value is Manifest {
  if (!isFields(value) || value.format !== 1) return false;
  const isWhole = LISTS.every((name) => Array.isArray(value[name])) && TEXTS.every((name) => isText(value[name]));
  return isWhole && !Number.isNaN(Date.parse(String(value.madeAt))) && (value.tables as unknown[]).every(isTable);
}

/** Names and numbers go into a script: nothing else does. */
function isTable(value: unknown): value is KeptTable {
  if (!isFields(value)) return false;
  const { name, of, columns, primaryKey, rows, checksum } = value;
  const isNamed = isText(name) && /^[a-z_][a-z0-9_$]*$/i.test(name) && (of === 'package' || of === 'platform');
  const isCounted = Number.isSafeInteger(rows) && isText(checksum) && /^-?\d+$/.test(checksum);
  return isNamed && isCounted && isTexts(columns) && isTexts(primaryKey) && columns.length > 0;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
