import { Injectable } from '@nestjs/common';
import { isMatchStatus, MatchStatus } from '../../../domain/match-status.js';
import { toInteger, toSlots } from '../../../platform/read-value.js';
import { Database } from '../../../postgres/database.js';
import { type ForeignWrite, type ForeignWriterNews, ForeignWriteStore } from '../../ports/foreign-write-store.js';
import { FOREIGN_WRITER_MODES } from '../../ports/foreign-writers.js';
import { NAME_AUTHORITIES, PROTECT, PROTECTED, PRUNE, READ, UNPROTECT } from './foreign-write-statements.js';

interface NewsRow {
  readonly mode: string | null;
  readonly authorities: string | null;
  readonly writes: readonly (Omit<ForeignWrite, 'before'> & { readonly before: Readonly<Record<string, unknown>> })[];
}

interface MatchRow {
  readonly external_id: string;
}

/** `livescore_setting`, `livescore_foreign_write` and `score_protected_until` through the package's own connections. */
@Injectable()
export class PgForeignWriteStore extends ForeignWriteStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async read(limit: number): Promise<ForeignWriterNews> {
    const [row] = await this.database.query<NewsRow>(READ, [limit]);
    return {
      mode: FOREIGN_WRITER_MODES.find((known) => known === row?.mode) ?? 'off',
      authorities: toSources(row?.authorities ?? null),
      writes: (row?.writes ?? []).map((write) => ({ ...write, before: toBefore(write.before) })),
    };
  }

  override async nameAuthorities(sources: readonly string[]): Promise<void> {
    await this.database.query(NAME_AUTHORITIES, [JSON.stringify(sources)]);
  }

  override async protect(matchIds: readonly string[], protectMs: number): Promise<void> {
    await this.database.query(PROTECT, [matchIds, protectMs]);
  }

  override async unprotect(matchIds: readonly string[]): Promise<readonly string[]> {
    return toIds(await this.database.query<MatchRow>(UNPROTECT, [matchIds]));
  }

  override async protectedMatches(): Promise<readonly string[]> {
    return toIds(await this.database.query<MatchRow>(PROTECTED, []));
  }

  override async prune(keep: number): Promise<void> {
    await this.database.query(PRUNE, [keep]);
  }
}

const toIds = (rows: readonly MatchRow[]): readonly string[] => rows.map(({ external_id }) => external_id);

/** What is no list counts as none, as in the trigger. */
function toSources(value: string | null): readonly string[] | null {
  if (!value?.startsWith('[')) return null;
  const sources: unknown = JSON.parse(value);
  return Array.isArray(sources) ? sources.map(String) : null;
}

function toBefore({ status: code, home, away }: Readonly<Record<string, unknown>>): ForeignWrite['before'] {
  const status = toInteger(code);
  return {
    status: isMatchStatus(status) ? status : MatchStatus.NotStarted,
    home: toSlots(home),
    away: toSlots(away),
  };
}
