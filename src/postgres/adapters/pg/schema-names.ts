import { createHash } from 'node:crypto';
import type { Statement } from '../../database.js';
import { NEEDED_TABLES } from '../../needed-tables.js';

/** Not within a name, nor after a schema. */
const TABLE = new RegExp(`(?<![\\w."$])(${NEEDED_TABLES.map(({ name }) => name).join('|')})(?!\\w)`, 'g');

/**
 * Puts the host's schema before every table that a statement names. A name works through every pooler, which start-up
 * parameters and `SET search_path` do not. Without a schema the role's search path decides, as for the host.
 */
export class SchemaNames {
  private readonly known = new Map<string, Statement>();
  private readonly suffix: string;

  constructor(private readonly schema: string | undefined) {
    this.suffix = createHash('sha256')
      .update(schema ?? '')
      .digest('hex')
      .slice(0, 6);
  }

  /** The statement under a name of its own: one prepared for another schema is another statement. */
  in(statement: Statement): Statement {
    if (this.schema === undefined) return statement;
    const known = this.known.get(statement.name);
    if (known) return known;
    const prefix = `"${this.schema.replaceAll('"', '""')}".`;
    const named = {
      name: `${statement.name}_${this.suffix}`,
      text: statement.text.replace(TABLE, (name) => `${prefix}${name}`),
    };
    this.known.set(statement.name, named);
    return named;
  }
}
