import { jsonIn } from '../kernel/json.js';

/** Longest frame that is taken apart, bytes. */
const MAX_BYTES = 1024 * 1024;
const POSITION = /^\d+$/;

/** @param matchIds every id that the part could be read under; none: it names no match */
export type Keeps = (matchIds: readonly string[]) => boolean;

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The part of a frame that `keeps` wants, in the envelope of the frame: bare tuple, single object, list, numeric keys
 * (counted anew from 0, as a reader may look for "0") or the wrapper of a REST answer.
 * @returns the bytes that came when all of it is wanted; null when nothing is
 */
export function framePart(payload: Buffer, keeps: Keeps): Buffer | null {
  if (payload.length > MAX_BYTES) return null;
  const json = jsonIn(payload.toString('utf8'));
  const part = partOf(json, keeps);
  if (part === json) return payload;
  return part === undefined ? null : Buffer.from(JSON.stringify(part));
}

/** @returns `json` itself when all of it is wanted; undefined when nothing is */
function partOf(json: unknown, keeps: Keeps): unknown {
  if (Array.isArray(json)) return isList(json) ? listPart(json, keeps) : itemPart(json, keeps);
  if (typeof json !== 'object' || json === null) return keeps([]) ? json : undefined;
  return objectPart(json as JsonObject, keeps);
}

/** A list is told by an element that is itself an item; a bare tuple or a pair begins with its match. */
function isList(array: readonly unknown[]): boolean {
  const [first, second] = array;
  const isBare = typeof first === 'string' && (typeof second !== 'object' || second === null || Array.isArray(second));
  return !isBare && array.some(isItem);
}

function isItem(element: unknown): boolean {
  if (typeof element !== 'object' || element === null) return false;
  return !Array.isArray(element) || typeof element[0] === 'string';
}

function itemPart(item: unknown, keeps: Keeps): unknown {
  return keeps(namesOf(item)) ? item : undefined;
}

function listPart(items: readonly unknown[], keeps: Keeps): readonly unknown[] | undefined {
  const kept = items.filter((item) => keeps(namesOf(item)));
  if (kept.length === items.length) return items;
  return kept.length > 0 ? kept : undefined;
}

function objectPart(object: JsonObject, keeps: Keeps): unknown {
  const positions = Object.keys(object).filter((key) => POSITION.test(key));
  if (positions.length > 0) return numberedPart(object, positions, keeps);
  const { results } = object;
  if (object.id !== undefined || typeof results !== 'object' || results === null) return itemPart(object, keeps);
  const part = partOf(results, keeps);
  if (part === results) return object;
  return part === undefined ? undefined : { ...object, results: part };
}

function numberedPart(object: JsonObject, positions: readonly string[], keeps: Keeps): unknown {
  const others = Object.entries(object).filter(([key]) => !POSITION.test(key));
  const own = namesOf(object);
  const keepsOwn = own.length === 0 || keeps(own);
  const kept = positions.map((key) => object[key]).filter((item) => keeps(namesOf(item)));
  if (keepsOwn && kept.length === positions.length) return object;
  if (kept.length === 0 && (own.length === 0 || !keepsOwn)) return undefined;
  return Object.fromEntries([...kept.map((item, n) => [String(n), item]), ...(keepsOwn ? others : [])]);
}

/** Wherever a reader may look for the id of an item. */
function namesOf(item: unknown): readonly string[] {
  if (Array.isArray(item)) return idsOf(item[0]);
  if (typeof item !== 'object' || item === null) return [];
  const { id, match_id: matchId, score } = item as JsonObject;
  const tuples: readonly unknown[] = Array.isArray(score) ? (Array.isArray(score[0]) ? score : [score]) : [];
  return idsOf(id, matchId, ...tuples.map((tuple) => (Array.isArray(tuple) ? tuple[0] : undefined)));
}

function idsOf(...values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === 'string' || typeof value === 'number').map(String);
}
