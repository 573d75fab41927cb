import { createHash } from 'node:crypto';
import type { Statement } from '../../database.js';
import { FEATURE_TABLES, NEEDED_TABLES } from '../../needed-tables.js';
import { StatementRefusedError, withCatalogNames } from './catalog-names.js';

/** Not within a name, nor after a schema. */
const TABLE = new RegExp(
  `(?<![\\w."$])(${[...NEEDED_TABLES.map(({ name }) => name), ...FEATURE_TABLES].join('|')})(?!\\w)`,
  'g',
);

/**
 * Puts the host's schema before every table that a statement names, and that of the catalogue before everything else. A name
 * works through every pooler, which start-up parameters and `SET search_path` do not. Without a schema the role's search path
 * decides where the tables are, as for the host, and nothing more.
 */
export class SchemaNames {
  private readonly known = new Map<string, { readonly given: string; readonly named: Statement }>();

  constructor(private readonly schema: string | undefined) {}

  /**
   * The statement under a name of its own: one prepared for another schema, or by another release, is another statement.
   * @throws StatementRefusedError when another statement has its name
   */
  in(statement: Statement): Statement {
    const known = this.known.get(statement.name);
    if (known?.given === statement.text) return known.named;
    if (known) throw new StatementRefusedError(`another one is called ${statement.name}, too`);
    const text = withCatalogNames(this.withSchema(statement.text));
    const suffix = createHash('sha256').update(text).digest('hex').slice(0, 6);
    const named = { name: `${statement.name}_${suffix}`, text };
    this.known.set(statement.name, { given: statement.text, named });
    return named;
  }

  private withSchema(text: string): string {
    if (this.schema === undefined) return text;
    const prefix = `"${this.schema.replaceAll('"', '""')}".`;
    return text.replace(TABLE, (name) => `${prefix}${name}`);
  }
}
