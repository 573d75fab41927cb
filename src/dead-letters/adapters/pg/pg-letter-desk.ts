import { Injectable, Optional } from '@nestjs/common';
import { Database, ReadDatabase, type Statement } from '../../../postgres/database.js';
import {
  LetterDesk,
  type LetterSelection,
  type LetterTotal,
  type ListedLetter,
  type MarkedLetters,
  type OpenedLetter,
  type RedriveProgress,
} from '../../ports/letter-desk.js';
import { SELECTED, selectedValues } from './letter-selection.js';

const LISTED = `id::text AS id, reason, detail, match_id AS "matchId", topic, octet_length(payload) AS bytes,
  received_at AS "receivedAt", redrives, redrive_at IS NOT NULL AS waiting`;

const LIST: Statement = {
  name: 'livescore_letter_list',
  text: `SELECT ${LISTED} FROM livescore_dead_letter WHERE ${SELECTED} AND ($6::bigint IS NULL OR id < $6::bigint)
ORDER BY livescore_dead_letter.id DESC LIMIT $5::int`,
};

const TOTALS: Statement = {
  name: 'livescore_letter_totals',
  text: `SELECT reason, count(*)::int AS letters, COALESCE(sum(octet_length(payload)), 0)::double precision AS bytes,
  (count(*) FILTER (WHERE redrive_at IS NOT NULL))::int AS waiting
FROM livescore_dead_letter WHERE ${SELECTED} GROUP BY reason ORDER BY reason`,
};

const OPEN: Statement = {
  name: 'livescore_letter_open',
  text: `SELECT ${LISTED}, payload FROM livescore_dead_letter WHERE id = $1::bigint`,
};

const MARK: Statement = {
  name: 'livescore_letter_mark',
  text: `UPDATE livescore_dead_letter SET redrive_at = now() WHERE ${SELECTED}
RETURNING id::text AS id, redrive_at::text AS marked_at`,
};

/** A letter that stays is buried anew, with what was found. */
const PROGRESS: Statement = {
  name: 'livescore_letter_progress',
  text: `SELECT (count(*) FILTER (WHERE redrive_at IS NOT NULL))::int AS waiting,
  (count(*) FILTER (WHERE redrive_at IS NULL AND buried_at <= $2::timestamptz))::int AS "underWay",
  (count(*) FILTER (WHERE redrive_at IS NULL AND buried_at > $2::timestamptz))::int AS kept
FROM livescore_dead_letter WHERE id = ANY ($1::bigint[])`,
};

/** `livescore_dead_letter` as operators use it. */
@Injectable()
export class PgLetterDesk extends LetterDesk {
  private readonly reads: Database;

  /** @param reads connections of those who only read, where there are some: no writer waits for a list */
  constructor(
    private readonly database: Database,
    @Optional() reads?: ReadDatabase,
  ) {
    super();
    this.reads = reads ?? database;
  }

  override list(selection: LetterSelection, limit: number, beforeId: string | null): Promise<readonly ListedLetter[]> {
    return this.reads.query<ListedLetter>(LIST, [...selectedValues(selection), limit, beforeId]);
  }

  override totals(selection: LetterSelection): Promise<readonly LetterTotal[]> {
    return this.reads.query<LetterTotal>(TOTALS, selectedValues(selection));
  }

  override async open(id: string): Promise<OpenedLetter | null> {
    return (await this.reads.query<OpenedLetter>(OPEN, [id]))[0] ?? null;
  }

  override async mark(selection: LetterSelection): Promise<MarkedLetters> {
    const values = selectedValues(selection);
    const rows = await this.database.query<{ readonly id: string; readonly marked_at: string }>(MARK, values);
    return { ids: rows.map(({ id }) => id), markedAt: rows[0]?.marked_at ?? '' };
  }

  override async progress({ ids, markedAt }: MarkedLetters): Promise<RedriveProgress> {
    const [row] = await this.database.query<Omit<RedriveProgress, 'gone'>>(PROGRESS, [ids, markedAt]);
    const { waiting, underWay, kept } = row ?? { waiting: 0, underWay: 0, kept: 0 };
    return { waiting, underWay, kept, gone: ids.length - waiting - underWay - kept };
  }
}
