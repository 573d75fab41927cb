import type { SeededRandom } from '../../test/support/seeded-random.js';
import type { Saying } from './match-story.js';

/** A message in one of the envelopes of the feed. */
export function encodeFrame(sayings: readonly Saying[], random: SeededRandom): Buffer {
  return Buffer.from(JSON.stringify(envelope(sayings, random)));
}

function envelope(sayings: readonly Saying[], random: SeededRandom): unknown {
  const [only] = sayings;
  if (only && sayings.length === 1 && only.providerTimeS === null && random.next() < 0.5) return only.tuple;
  const items = sayings.map(({ tuple, providerTimeS }) => ({
    id: tuple[0],
    score: random.next() < 0.2 ? [tuple] : tuple,
    ...(providerTimeS !== null && { ut: providerTimeS }),
  }));
  if (items.length === 1 && random.next() < 0.5) return items[0];
  return random.next() < 0.3 ? Object.fromEntries(items.entries()) : items;
}
