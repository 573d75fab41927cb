import { isFields } from '../../../kernel/fields.js';
import { jsonIn } from '../../../kernel/json.js';
import type { Told } from '../../ports/told.js';
import { isTold } from './told-shape.js';

/** Version of the messages of this release. One that is not understood by older instances gets the next number. */
const MESSAGE_VERSION = 1;
/** A message goes beyond it only when one commit alone does. */
const FULL_MESSAGE_BYTES = 262_144;
/** Longer ones are neither sent nor read. */
const MOST_MESSAGE_BYTES = 1_048_576;

/** What one call of `publish` becomes. */
export interface BusMessages {
  /** in order */
  readonly messages: readonly string[];
  /** commits that are too long for a message */
  readonly oversized: number;
}

export type BusMessageRead =
  | { readonly kind: 'told'; readonly told: readonly Told[] }
  /** sent by the one who reads it */
  | { readonly kind: 'own' }
  /** sent by a later release in words that this one does not know */
  | { readonly kind: 'newer' }
  | { readonly kind: 'oversized' }
  | { readonly kind: 'malformed' };

/** JSON `{ v, from, told }`, in as many messages as the bounds ask for. */
export function writeBusMessages(from: string, told: readonly Told[]): BusMessages {
  const head = `${JSON.stringify({ v: MESSAGE_VERSION, from }).slice(0, -1)},"told":[`;
  const envelopeBytes = Buffer.byteLength(head) + 2;
  const parts: string[][] = [];
  let oversized = 0;
  let bytes = Number.POSITIVE_INFINITY;
  for (const one of told) {
    const text = JSON.stringify(one);
    const size = Buffer.byteLength(text) + 1;
    if (envelopeBytes + size > MOST_MESSAGE_BYTES) {
      oversized++;
      continue;
    }
    if (bytes + size > FULL_MESSAGE_BYTES) {
      parts.push([]);
      bytes = envelopeBytes;
    }
    parts.at(-1)?.push(text);
    bytes += size;
  }
  return { messages: parts.map((texts) => `${head}${texts.join(',')}]}`), oversized };
}

/** Reads a message of the channel, where anybody may have written anything. Never throws. */
export function readBusMessage(text: string, ownId: string): BusMessageRead {
  if (Buffer.byteLength(text) > MOST_MESSAGE_BYTES) return { kind: 'oversized' };
  const message = jsonIn(text);
  if (!isFields(message) || !Number.isInteger(message.v) || Number(message.v) < 1) return { kind: 'malformed' };
  if (Number(message.v) > MESSAGE_VERSION) return { kind: 'newer' };
  const { from, told } = message;
  if (typeof from !== 'string' || from === '') return { kind: 'malformed' };
  if (from === ownId) return { kind: 'own' };
  return Array.isArray(told) && told.every(isTold) ? { kind: 'told', told } : { kind: 'malformed' };
}
