import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

export type Fields = Readonly<Record<string, unknown>>;

/** Frames of protocol 2, each with its own schema; PING and PONG are of both. */
const OF_PROTOCOL_2 = [
  'WELCOME',
  'SNAPSHOT',
  'CHANGE',
  'DETAILS',
  'CLOCK',
  'UNSUBSCRIBED',
  'AUTHENTICATED',
  'PONG',
  'PING',
  'ERROR',
  'GOODBYE',
] as const;

const NEW = new Set<string>(OF_PROTOCOL_2);
const OF_BOTH = new Set(['PING', 'PONG']);

/** Is it a frame for clients that say nothing, and for nobody else? */
export function isOfSilentClients(type: string): boolean {
  return !NEW.has(type);
}

/** Is it a frame that a client which says nothing must never get? */
export function isOfProtocol2(type: string): boolean {
  return NEW.has(type) && !OF_BOTH.has(type);
}

/** Every schema in `docs/protocol`, by the `type` of its frame. */
export class FrameSchemas {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });
  private readonly idOfType = new Map<string, string>();

  /** @param directory the folder with the schemas */
  static read(directory: string): FrameSchemas {
    const schemas = new FrameSchemas();
    for (const name of readdirSync(directory).filter((file) => file.endsWith('.schema.json'))) {
      schemas.add(JSON.parse(readFileSync(join(directory, name), 'utf8')));
    }
    return schemas;
  }

  /** @returns what is wrong with the frame; null when it fits */
  faultOf(type: string, frame: unknown): string | null {
    const id = this.idOfType.get(type);
    if (id === undefined) return `there is no schema for ${type}`;
    const validate = this.ajv.getSchema(id);
    if (!validate) return `the schema of ${type} cannot be compiled`;
    return validate(frame) === true ? null : this.ajv.errorsText(validate.errors);
  }

  private add(schema: Fields): void {
    const { $id: id, properties } = schema as { $id: string; properties?: Record<string, { const?: unknown }> };
    this.ajv.addSchema(schema);
    const type = properties?.type?.const;
    // a message of a client may have the type of a frame
    if (typeof type === 'string' && !id.includes('-message')) this.idOfType.set(type, id);
  }
}
