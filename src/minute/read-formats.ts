import { type MatchFormat, readMatchFormat } from '../domain/match-format.js';
import type { OptionPlace } from '../kernel/options.js';

/** Thirds and other lengths are no known format: the provider's statuses know two halves. */
export function readFormats(value: unknown, place: OptionPlace): ReadonlyMap<string, MatchFormat> {
  const formats = new Map<string, MatchFormat>();
  if (value === undefined) return formats;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    place.refuse('an object of formats by id', value);
    return formats;
  }
  for (const [id, text] of Object.entries(value)) {
    const format = readMatchFormat(text);
    if (format) formats.set(id, format);
    else place.inside(id).refuse('a known format: 2x45, 2x40, 2x35 or 2x30, with +2x15 or +2x10 for extra time', text);
  }
  return formats;
}
