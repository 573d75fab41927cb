import { Transform, type TransformCallback } from 'node:stream';

const HEADER = /^COPY [^\n]* FROM stdin;\n/m;
/** A backslash in a row is written as two: this line is none. */
const END = Buffer.from('\n\\.\n');
const LONGEST_PREAMBLE = 1_048_576;

/**
 * Takes the rows alone out of what pg_restore writes of one table: with another first line, and without all that stands around
 * them, the number that a sequence goes on with above all.
 */
export class CopiedRows extends Transform {
  private at: 'before' | 'rows' | 'after' = 'before';
  private held = Buffer.alloc(0);

  constructor(private readonly header: string) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.held = Buffer.concat([this.held, chunk]);
    if (this.at === 'before') this.findHeader();
    if (this.at === 'rows') this.passRows();
    if (this.at === 'after') this.held = Buffer.alloc(0);
    done(this.held.length > LONGEST_PREAMBLE && this.at === 'before' ? new Error('no rows follow') : null);
  }

  override _flush(done: TransformCallback): void {
    done(this.at === 'after' ? null : new Error('the archive ends before its rows do'));
  }

  /** The line end of the header stays: an empty table ends right behind it. */
  private findHeader(): void {
    const found = HEADER.exec(this.held.toString('latin1'));
    if (!found) return;
    this.push(this.header.trimEnd());
    this.held = this.held.subarray(found.index + found[0].length - 1);
    this.at = 'rows';
  }

  private passRows(): void {
    const end = this.held.indexOf(END);
    const passed = end < 0 ? Math.max(0, this.held.length - END.length + 1) : end + END.length;
    this.push(this.held.subarray(0, passed));
    this.held = this.held.subarray(passed);
    if (end >= 0) this.at = 'after';
  }
}
