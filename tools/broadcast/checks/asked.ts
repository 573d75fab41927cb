import type { Held } from './position.js';

/** One SUBSCRIBE on its way. */
export interface Asked {
  readonly id: string;
  /** what the client said that it has */
  readonly since: ReadonlyMap<string, Held>;
  /** of these the ones that were made up: no server can continue from them */
  readonly forged: ReadonlySet<string>;
  readonly replay: boolean;
  /** ids in it that no match has */
  readonly strangers: ReadonlySet<string>;
}
