import type { ActionName } from '../facts.js';
import type { BodyFields } from './body-fields.js';

/** What was done, for people. */
export interface Deed {
  readonly summary: string;
  readonly lines: readonly string[];
}

/** What an action found when it looked, and would do. */
export interface Look extends Deed {
  readonly isDestructive: boolean;
  /** what was looked at: whoever agreed has agreed to that, and to nothing else */
  readonly state: unknown;
  perform(word: { readonly by: string; readonly reason: string }): Promise<Deed>;
}

/** One thing that operators do from the page, by the service that the command uses. */
export interface Action {
  readonly name: ActionName;
  /** Looks, and does nothing. @throws RefusedError @throws LiveScoreError */
  look(fields: BodyFields): Promise<Look>;
}
