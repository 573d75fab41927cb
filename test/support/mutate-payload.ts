import type { SeededRandom } from './seeded-random.js';

const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  42,
  9_007_199_254_740_992,
  '',
  ' ',
  '0',
  '3',
  'null',
  'other-match',
  [],
  {},
  [[]],
  [null],
  { id: 'other-match' },
  { valueOf: 1, toString: 1 },
];
const KEYS = ['id', 'score', 'stats', 'incidents', 'tlive', '0', '7', '__proto__', 'type', 'time', 'err', 'ut', 'meta'];

/** One to three random injuries: to the bytes, or to the values inside. */
export function mutatePayload(bytes: Buffer, random: SeededRandom): Buffer {
  if (random.next() < 0.3) return mutateBytes(bytes, random);
  let json: unknown = JSON.parse(bytes.toString());
  for (let n = 1 + random.below(3); n > 0; n--) json = mutateValue(json, random, 0);
  return Buffer.from(JSON.stringify(json));
}

function mutateBytes(bytes: Buffer, random: SeededRandom): Buffer {
  const copy = Buffer.from(bytes);
  const at = random.below(copy.length);
  switch (random.below(4)) {
    case 0:
      copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
      return copy;
    case 1:
      return copy.subarray(0, at);
    case 2:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1 + random.below(8))]);
    default:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(random.below(copy.length))]);
  }
}

function mutateValue(value: unknown, random: SeededRandom, depth: number): unknown {
  if (typeof value !== 'object' || value === null || random.next() < 0.15 * depth) return random.pick(STRANGE);
  return Array.isArray(value) ? mutateArray(value, random, depth) : mutateObject(value, random, depth);
}

function mutateArray(array: readonly unknown[], random: SeededRandom, depth: number): unknown {
  const at = random.below(array.length);
  switch (random.below(6)) {
    case 0:
      return array.toSpliced(at, 1);
    case 1:
      return array.toSpliced(at, 0, random.pick(STRANGE));
    case 2:
      return random.next() < 0.5 ? [array] : [...array, ...array];
    default:
      return array.length === 0 ? [random.pick(STRANGE)] : array.with(at, mutateValue(array[at], random, depth + 1));
  }
}

function mutateObject(object: object, random: SeededRandom, depth: number): unknown {
  const entries = Object.entries(object);
  const at = random.below(entries.length);
  const [key, value] = entries[at] ?? ['id', null];
  switch (random.below(6)) {
    case 0:
      return Object.fromEntries(entries.toSpliced(at, 1));
    case 1:
      return Object.fromEntries([...entries, [random.pick(KEYS), random.pick(STRANGE)]]);
    case 2:
      return Object.fromEntries(entries.toSpliced(at, 1, [random.pick(KEYS), value]));
    default:
      return Object.fromEntries(entries.toSpliced(at, 1, [key, mutateValue(value, random, depth + 1)]));
  }
}
