import { isUtf8 } from 'node:buffer';
import { decodeArrayItem } from './array-item.js';
import { type DecodedMessage, MessageParts, type Origin, type RejectionReason } from './decoded-message.js';
import { decodeObjectItem, hasParts, type JsonObject } from './object-item.js';
import { updateTimeS } from './provider-time.js';

/** Largest payload that is read, bytes. */
export const MAX_PAYLOAD_BYTES = 1024 * 1024;
const POSITION = /^\d+$/;

/** Decodes one message of the feed, whatever its envelope. Never throws: what cannot be understood is a rejection. */
export function decodeMessage(payload: Uint8Array | string, origin: Origin): DecodedMessage {
  if (payload.length > MAX_PAYLOAD_BYTES) return refused('too-large', origin);
  if (typeof payload !== 'string' && !isUtf8(payload)) return refused('not-utf8', origin);
  let json: unknown;
  try {
    json = JSON.parse(typeof payload === 'string' ? payload : textOf(payload));
  } catch {
    return refused('not-json', origin);
  }
  return decodeItems(json, origin);
}

/** The same for a body that is parsed already; `{results}` of a REST answer is opened. Never throws. */
export function decodeItems(json: unknown, origin: Origin): DecodedMessage {
  const parts = new MessageParts(origin);
  if (typeof json !== 'object' || json === null) parts.reject('message', 'scalar', null);
  else if (Array.isArray(json)) decodeArray(json, parts, null);
  else decodeObject(json as JsonObject, parts);
  return parts;
}

function textOf(payload: Uint8Array): string {
  const bytes = Buffer.isBuffer(payload)
    ? payload
    : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  return bytes.toString('utf8');
}

function refused(reason: RejectionReason, origin: Origin): DecodedMessage {
  const parts = new MessageParts(origin);
  parts.reject('message', reason, null);
  return parts;
}

/** One tuple or pair, or a list of items. A list is told by an element that is itself an item. */
function decodeArray(array: readonly unknown[], parts: MessageParts, timeS: number | null): void {
  if (array.length === 0) return;
  if (isList(array)) decodeList(array, parts, timeS);
  else arrayItem(array, parts, timeS);
}

function arrayItem(item: readonly unknown[], parts: MessageParts, timeS: number | null): void {
  parts.beginItem();
  decodeArrayItem(item, parts, timeS);
  parts.endItem();
}

function objectItem(item: JsonObject, parts: MessageParts, timeS: number | null): void {
  parts.beginItem();
  decodeObjectItem(item, parts, timeS);
  parts.endItem();
}

function isList(array: readonly unknown[]): boolean {
  const second = array[1];
  const single =
    typeof array[0] === 'string' && (typeof second !== 'object' || second === null || Array.isArray(second));
  return !single && array.some(isItem);
}

function isItem(element: unknown): boolean {
  if (typeof element !== 'object' || element === null) return false;
  return !Array.isArray(element) || typeof element[0] === 'string';
}

function decodeList(items: readonly unknown[], parts: MessageParts, timeS: number | null): void {
  for (const item of items) decodeItem(item, parts, timeS);
}

function decodeItem(item: unknown, parts: MessageParts, timeS: number | null): void {
  if (typeof item !== 'object' || item === null) {
    parts.beginItem();
    parts.reject('item', 'unknown-shape', null);
    parts.endItem();
  } else if (Array.isArray(item)) {
    if (item.length > 0) arrayItem(item, parts, timeS);
  } else objectItem(item as JsonObject, parts, timeS);
}

/** One item, a list under numeric keys, or the wrapper of a REST answer. */
function decodeObject(object: JsonObject, parts: MessageParts): void {
  const listed = decodeNumericKeys(object, parts);
  if (hasParts(object)) objectItem(object, parts, null);
  else if (!listed) decodeWrapper(object, parts);
}

/** Integer-like keys come first in any object, so an ordinary item costs one look at its first key. */
function decodeNumericKeys(object: JsonObject, parts: MessageParts): boolean {
  let count = 0;
  let timeS: number | null = null;
  for (const key in object) {
    if (!isPosition(key)) break;
    if (count === 0) timeS = updateTimeS(object);
    count++;
    decodeItem(object[key], parts, timeS);
  }
  return count > 0;
}

function isPosition(key: string): boolean {
  const code = key.charCodeAt(0);
  return code >= 0x30 && code <= 0x39 && POSITION.test(key);
}

function decodeWrapper(object: JsonObject, parts: MessageParts): void {
  const results = object.results;
  if (object.err !== undefined || (object.code !== undefined && object.code !== 0)) {
    parts.reject('message', 'error-body', null);
  } else if (object.id === undefined && Array.isArray(results)) decodeArray(results, parts, updateTimeS(object));
  else if (object.id === undefined && typeof results === 'object' && results !== null) {
    if (!decodeNumericKeys(results as JsonObject, parts)) parts.reject('message', 'unknown-shape', null);
  } else objectItem(object, parts, null);
}

/** The items of a message that has several, each with the time of its envelope; null where it is one item, or none. */
export function itemsOf(json: unknown): { readonly items: readonly unknown[]; readonly timeS: number | null } | null {
  if (Array.isArray(json)) return isList(json) ? { items: json, timeS: null } : null;
  if (typeof json !== 'object' || json === null) return null;
  const object = json as JsonObject;
  if (hasParts(object)) return null;
  const items = Object.keys(object).filter(isPosition);
  if (items.length > 0) return { items: items.map((key) => object[key]), timeS: updateTimeS(object) };
  const { results } = object;
  const inside = object.id === undefined ? itemsOf(results) : null;
  const timeS = Array.isArray(results) ? updateTimeS(object) : inside?.timeS;
  return inside && { items: inside.items, timeS: timeS ?? null };
}
