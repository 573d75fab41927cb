import pg from 'pg';

type Query = (...values: unknown[]) => unknown;

/** Counts the statements that this process sends to PostgreSQL, whoever asks; to be begun before any connection is made. */
export class StatementCount {
  private count = 0;
  private readonly texts = new Map<string, number>();

  begin(): void {
    const prototype = pg.Client.prototype as unknown as { query: Query };
    const original = prototype.query;
    const sent = (first: unknown) => this.sent(first);
    prototype.query = function query(this: unknown, ...values: unknown[]) {
      sent(values[0]);
      return original.apply(this, values);
    };
  }

  /** What was sent since the last call. */
  take(): { readonly count: number; readonly texts: Readonly<Record<string, number>> } {
    const taken = { count: this.count, texts: Object.fromEntries(this.texts) };
    this.count = 0;
    this.texts.clear();
    return taken;
  }

  private sent(statement: unknown): void {
    this.count += 1;
    const { name, text = '' } = typeof statement === 'string' ? { text: statement } : (statement as Named);
    const key = name ?? text.trim().slice(0, 60);
    this.texts.set(key, (this.texts.get(key) ?? 0) + 1);
  }
}

interface Named {
  readonly name?: string;
  readonly text?: string;
}
