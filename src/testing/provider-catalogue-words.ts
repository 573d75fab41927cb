import type { Random } from '../kernel/seeded-random.js';

const SYLLABLES = 'ka lo mi ran tes vo dur bel şen çe nor ham pi zu gra'.split(' ');
const DAY_S = 86_400;
/** 1980-01-01 */
const BIRTH_S = 315_532_800;

/** Name, age and birthday of a player, coach or referee. */
export function person(random: Random) {
  const age = random.integer(16, 45);
  const name = `${word(random, 2)} ${word(random, 3)}`;
  return {
    name,
    short_name: sometimes(random, 0.6, () => `${name.slice(0, 1)}. ${name.split(' ')[1]}`),
    age,
    birthday: BIRTH_S + random.integer(0, 10_000) * DAY_S,
  };
}

export function word(random: Random, syllables: number): string {
  const text = Array.from({ length: syllables + 1 }, () => random.pick(SYLLABLES)).join('');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function named(random: Random, name: string): string {
  return `${name} ${word(random, 1)}`;
}

export function logo(kind: string, random: Random): string {
  return `https://img.thesports.example/football/${kind}/${random.integer(0, 0xffff_fff).toString(16)}.png`;
}

export function colour(random: Random): string {
  return `#${random.integer(0, 0xff_ffff).toString(16).padStart(6, '0')}`;
}

/** The provider says "nothing" by an empty string. */
export function sometimes(random: Random, probability: number, value: () => string): string {
  return random.chance(probability) ? value() : '';
}
