import { LiveScoreError } from '../../../kernel/livescore.errors.js';

/**
 * Names the catalogue of PostgreSQL before every function, operator and type of a statement: `now()` becomes
 * `pg_catalog.now()`, `=` becomes `OPERATOR(pg_catalog.=)`, `::text` becomes `::pg_catalog.text`. What stands in another
 * schema of the search path is then never looked at, however well its types match, and no role that may create there runs
 * code as ours. A statement cannot say so for `IN`, `BETWEEN`, `LIKE`, `IS DISTINCT FROM`, `NULLIF`, `USING (…)` and
 * `CASE x WHEN`, which hide an operator: they are refused. So are operators of different precedence side by side, because
 * all have the same one once they are named: they need parentheses. A function is a name with its parenthesis right behind.
 * @throws StatementRefusedError when the text cannot be made safe
 */
export function withCatalogNames(text: string): string {
  const reader = new Reader();
  return tokensOf(text)
    .map((token, n, all) => reader.read(token, all[n - 1], all[n + 1]))
    .join('');
}

/** A statement of ours that leaves a name to the search path: a mistake in this package. */
export class StatementRefusedError extends LiveScoreError {
  constructor(why: string) {
    super('LIVESCORE_STATEMENT_REFUSED', `A statement cannot be sent: ${why}`);
  }
}

interface Token {
  readonly kind: 'word' | 'name' | 'operator' | 'value' | 'sign';
  readonly text: string;
  /** white space before it */
  readonly space: string;
}

const TOKEN =
  /(?<space>\s*)(?:(?<value>'(?:[^']|'')*'|\$\d+|\d+(?:\.\d+)?)|(?<name>"(?:[^"]|"")*")|(?<word>[A-Za-z_]\w*)|(?<sign>::|[()[\],.;])|(?<operator>[-+*/<>=~!@#%^&|?]+)|(?<end>$))/y;
const KINDS = ['value', 'name', 'word', 'sign', 'operator'] as const;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (;;) {
    const at = TOKEN.lastIndex;
    const { groups } = TOKEN.exec(text) ?? {};
    if (!groups) throw new StatementRefusedError(`it cannot be read at "${text.slice(at, at + 20)}"`);
    const kind = KINDS.find((candidate) => groups[candidate] !== undefined);
    if (!kind) return tokens;
    if (/--|\/\*/.test(kind === 'operator' ? (groups[kind] ?? '') : '')) {
      throw new StatementRefusedError('it has a comment');
    }
    tokens.push({ kind, text: groups[kind] ?? '', space: groups.space ?? '' });
  }
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** A new expression begins after each of them. */
const SEPARATORS =
  words(`SELECT FROM WHERE AND OR NOT WHEN THEN ELSE ON AS BY LIMIT OFFSET RETURNING VALUES UNION ALL HAVING
  IS SET GROUP ORDER ASC DESC DO FOR LATERAL`);
/** Words before a parenthesis that are no function: the grammar itself knows what they mean. */
const GRAMMAR =
  words(`ALL AND ANY ARRAY AS BY COALESCE CONFLICT ELSE EXISTS EXTRACT FILTER FROM GREATEST GROUP HAVING IS JOIN
  LATERAL LEAST LIMIT NOT ON OPERATOR OR OVER RETURNING ROW ROWS SELECT SET SOME THEN USING VALUES VARCHAR WHEN WHERE WITHIN
  UNION DISTINCT`);
const HIDING = words('IN BETWEEN LIKE ILIKE SIMILAR NULLIF NATURAL OVERLAPS');
/** Types that the grammar itself takes from the catalogue. */
const GRAMMAR_TYPES = words('BIGINT BOOLEAN CHAR DOUBLE INT INTEGER INTERVAL NUMERIC REAL SMALLINT TIMESTAMP VARCHAR');
/** Types by name in the column lists of record functions. */
const NAMED_TYPES = words('bytea float8 jsonb text timestamptz');
const PRECEDENCE: Readonly<Record<string, number>> = {
  ...Object.fromEntries('* / %'.split(' ').map((operator) => [operator, 3])),
  ...Object.fromEntries('+ -'.split(' ').map((operator) => [operator, 2])),
  ...Object.fromEntries('= <> < > <= >='.split(' ').map((operator) => [operator, 0])),
};
const OTHER_PRECEDENCE = 1;

/** Where the reading stands inside one pair of parentheses, or one CASE. */
interface Level {
  /** precedence of the last operator of the expression; null before the first */
  precedence: number | null;
  /** after SET: the next `=` assigns */
  assigns: boolean;
  inSet: boolean;
}

const level = (): Level => ({ precedence: null, assigns: false, inSet: false });

class Reader {
  private readonly levels: Level[] = [level()];

  read(token: Token, before: Token | undefined, after: Token | undefined): string {
    const named = this.named(token, before, after);
    const space = token.space === '' && token.kind === 'operator' && named !== token.text ? ' ' : token.space;
    return space + named;
  }

  private get level(): Level {
    return this.levels.at(-1) as Level;
  }

  private named(token: Token, before: Token | undefined, after: Token | undefined): string {
    if (token.kind === 'operator') return this.operator(token.text, before, after);
    if (token.kind === 'sign') return this.sign(token.text);
    return token.kind === 'word' ? this.word(token.text, before, after) : token.text;
  }

  private sign(text: string): string {
    if (text === '(' || text === '[') this.levels.push(level());
    if (text === ')' || text === ']') this.levels.pop();
    if (text === ',') {
      this.level.precedence = null;
      this.level.assigns = this.level.inSet;
    }
    return text;
  }

  private operator(text: string, before: Token | undefined, after: Token | undefined): string {
    if (text === '*' && isStar(before, after)) return text;
    if (before?.text === '.' || isSign(before)) return text;
    if (text === '=' && this.level.assigns) {
      this.level.assigns = false;
      return text;
    }
    const precedence = PRECEDENCE[text] ?? OTHER_PRECEDENCE;
    const last = this.level.precedence;
    if (last !== null && (last !== precedence || precedence === 0)) {
      throw new StatementRefusedError(`"${text}" needs parentheses beside another operator`);
    }
    this.level.precedence = precedence;
    return `OPERATOR(pg_catalog.${text})`;
  }

  private word(text: string, before: Token | undefined, after: Token | undefined): string {
    const word = text.toUpperCase();
    if (before?.text === '.') return text;
    if (before?.text === '::') return GRAMMAR_TYPES.has(word) ? text : `pg_catalog.${text}`;
    if (NAMED_TYPES.has(text) && isName(before)) return `pg_catalog.${text}`;
    refuseHiding(word, before, after);
    if (word === 'CASE') this.levels.push(level());
    if (word === 'END') this.levels.pop();
    if (SEPARATORS.has(word)) this.separate(word);
    if (after?.text !== '(' || GRAMMAR.has(word)) return text;
    if (after.space === '') return `pg_catalog.${text}`;
    if (!/^(AS|INTO)$/i.test(before?.text ?? '')) {
      throw new StatementRefusedError(`"${text} (" is neither a function nor a list of columns`);
    }
    return text;
  }

  private separate(word: string): void {
    this.level.precedence = null;
    if (word === 'SET') Object.assign(this.level, { inSet: true, assigns: true });
    if (word === 'FROM' || word === 'WHERE' || word === 'RETURNING') {
      Object.assign(this.level, { inSet: false, assigns: false });
    }
  }
}

function refuseHiding(word: string, before: Token | undefined, after: Token | undefined): void {
  const hides =
    HIDING.has(word) ||
    (word === 'DISTINCT' && /^(IS|NOT)$/i.test(before?.text ?? '')) ||
    (word === 'USING' && after?.text === '(') ||
    (word === 'CASE' && after?.text.toUpperCase() !== 'WHEN');
  if (hides) throw new StatementRefusedError(`"${word}" hides an operator that it cannot name`);
}

/** All columns, or all rows, not a product. */
function isStar(before: Token | undefined, after: Token | undefined): boolean {
  return before === undefined || /^(\(|\.|,|SELECT|RETURNING)$/i.test(before.text) || after?.text === ')';
}

/** What stands before a sign of a number: `(-1`, `= -1`. */
function isSign(before: Token | undefined): boolean {
  return before === undefined || before.kind === 'operator' || /^[([,]$/.test(before.text);
}

function isName(token: Token | undefined): boolean {
  return token?.kind === 'name' || (token?.kind === 'word' && !GRAMMAR.has(token.text.toUpperCase()));
}
