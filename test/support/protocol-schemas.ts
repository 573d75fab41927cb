import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const FOLDER = new URL('../../docs/protocol/', import.meta.url);

/** The part of JSON Schema that is used. */
export interface Schema {
  readonly $id?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly pattern?: string;
}

/** The schemas in `docs/protocol`, by the names of their files without `.schema.json`. */
export const SCHEMAS: ReadonlyMap<string, Schema> = new Map(
  readdirSync(FOLDER).map((file) => [
    file.replace('.schema.json', ''),
    JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')),
  ]),
);

const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
// of the generator of types
ajv.addVocabulary(['tsType']);
for (const schema of SCHEMAS.values()) ajv.addSchema(schema);

/** The check of one of them. */
export function schemaCheck(name: string): ValidateFunction {
  const check = ajv.getSchema(`${name}.schema.json`);
  if (!check) throw new Error(`docs/protocol has no ${name}.schema.json`);
  return check;
}

/** Names of the schemas of frames, by type. */
export const FRAME_SCHEMAS: ReadonlyMap<string, string> = new Map(namesByType((name) => !name.endsWith('-message')));

/** Names of the schemas of what clients send, by type. */
export const MESSAGE_SCHEMAS: ReadonlyMap<string, string> = new Map(namesByType((name) => name.endsWith('-message')));

/** @throws when it is no frame of the protocol, old or new, saying which field is wrong */
export function assertFrame(frame: unknown): void {
  assertBy(FRAME_SCHEMAS, frame);
}

/** @throws when it is no message that a client of protocol 2 may send */
export function assertMessage(message: unknown): void {
  assertBy(MESSAGE_SCHEMAS, message);
}

function assertBy(schemas: ReadonlyMap<string, string>, value: unknown): void {
  const { type } = Object(value);
  const name = schemas.get(type);
  if (name === undefined) throw new Error(`The protocol has no type ${JSON.stringify(type)}: ${shown(value)}`);
  const check = schemaCheck(name);
  if (check(value)) return;
  const faults = check.errors?.map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
  throw new Error(`Not as docs/protocol/${name}.schema.json says: ${faults?.join('; ')} in ${shown(value)}`);
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 2_000);
}

function namesByType(isMeant: (name: string) => boolean): [string, string][] {
  return [...SCHEMAS].flatMap(([name, { properties }]) => {
    const type = properties?.type?.const;
    return typeof type === 'string' && isMeant(name) ? [[type, name] as [string, string]] : [];
  });
}
