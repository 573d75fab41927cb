import type { Telling } from '../telling.js';

/** A kind of match: how the truth about it goes over time. */
export interface History {
  readonly name: string;
  readonly tell: (m: Telling) => void;
}
