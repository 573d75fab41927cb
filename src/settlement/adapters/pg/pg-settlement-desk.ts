import { Injectable, Optional } from '@nestjs/common';
import { readMarket } from '../../../domain/settlement/market-text.js';
import { EMPTY_PATH } from '../../../domain/settlement/settlement-path.js';
import { Database, ReadDatabase, type Statement } from '../../../postgres/database.js';
import {
  type BehindMatch,
  type Found,
  type MovedMatch,
  type OperatorWord,
  type OtherResult,
  type RedoneMatch,
  type Reversal,
  SettlementDesk,
  type SettlementFacts,
  type UnknownText,
  type VerdictCount,
} from '../../ports/settlement-desk.js';
import { JournalIncompleteError } from '../../settlement.errors.js';
import { EXISTS_MATCH, LOOK, RESET, SAY } from './redo-statements.js';
import {
  BEHIND,
  HELD_BACK,
  MOVED,
  OTHERS,
  PENDING_TEXTS,
  REVERSALS,
  REVERSED,
  SETTING,
  SHADOW,
  SHADOW_COUNT,
  VERDICTS,
} from './report-statements.js';

/** Rows of one list that are shown. */
const MOST_SHOWN = 20;

type RedoneRow = Omit<RedoneMatch, 'matchId' | 'says'>;

/** The tables of the settlement as operators use them. */
@Injectable()
export class PgSettlementDesk extends SettlementDesk {
  private readonly reads: Database;

  /** @param reads connections of those who only read, where there are some: reports take long */
  constructor(
    private readonly database: Database,
    @Optional() reads?: ReadDatabase,
  ) {
    super();
    this.reads = reads ?? database;
  }

  override async report(since: Date): Promise<SettlementFacts> {
    const all = <Row extends object>(statement: Statement) => this.reads.query<Row>(statement, [since]);
    const found = async <Row extends object>(statement: Statement) => foundOf(await all<Row>(statement));
    const [setting] = await this.reads.query<{ mode: string }>(SETTING, []);
    const [reversed] = await all<{ reversed: number }>(REVERSED);
    const [shadow] = await all<{ compared: number }>(SHADOW_COUNT);
    return {
      mode: setting?.mode ?? null,
      ...verdictsOf(await all<VerdictCount & { readonly deadline: Date | null }>(VERDICTS)),
      reversed: reversed?.reversed ?? 0,
      unknownTexts: unknownOf(await all<UnknownText>(PENDING_TEXTS)),
      others: await found<OtherResult>(OTHERS),
      shadow: { compared: shadow?.compared ?? 0, ...(await found<OtherResult>(SHADOW)) },
      behind: await found<BehindMatch>(BEHIND),
      heldBack: await found<{ matchId: string }>(HELD_BACK),
      moved: foundOf(await this.reads.query<MovedMatch>(MOVED, [])),
    };
  }

  override reversals(since: Date, limit: number): Promise<readonly Reversal[]> {
    return this.reads.query<Reversal>(REVERSALS, [since, limit]);
  }

  override async look(matchId: string): Promise<Omit<RedoneMatch, 'says'> | null> {
    const [row] = await this.database.query<RedoneRow>(LOOK, [matchId]);
    return row ? { matchId, ...row } : null;
  }

  override async redo(matchId: string, word: OperatorWord | null): Promise<RedoneMatch | null> {
    const [row] = word
      ? await this.database.query<RedoneRow>(SAY, [matchId, word.says, word.by, word.reason])
      : await this.database.query<RedoneRow>(RESET, [matchId, JSON.stringify(EMPTY_PATH)]);
    if (row) return { matchId, says: word?.says ?? null, ...row };
    if (word === null && (await this.database.query(EXISTS_MATCH, [matchId])).length > 0) {
      throw new JournalIncompleteError();
    }
    return null;
  }
}

function foundOf<Row>(rows: readonly Row[]): Found<Row> {
  return { count: rows.length, shown: rows.slice(0, MOST_SHOWN) };
}

function verdictsOf(rows: readonly (VerdictCount & { readonly deadline: Date | null })[]) {
  const waiting = rows.filter(({ verdict }) => verdict === 'awaiting');
  const deadlines = waiting.flatMap(({ deadline }) => (deadline === null ? [] : [deadline.getTime()]));
  return {
    verdicts: rows.map(({ verdict, certainty, predictions }) => ({ verdict, certainty, predictions })),
    awaiting: {
      predictions: waiting.reduce((sum, { predictions }) => sum + predictions, 0),
      nextDeadline: deadlines.length === 0 ? null : new Date(Math.min(...deadlines)),
    },
  };
}

function unknownOf(texts: readonly UnknownText[]): Found<UnknownText> {
  return foundOf(texts.filter(({ text, threshold }) => readMarket(text, threshold) === null));
}
