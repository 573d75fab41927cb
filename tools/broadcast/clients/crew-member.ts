import { type Held, isBefore, isSamePosition } from '../checks/position.js';
import type { Line } from './line.js';

export type ClientKind = 'silent' | 'protocol-2' | 'package';

/** The row of one match, as clients are compared with it. */
export interface TrueRow {
  readonly matchId: string;
  readonly position: Held;
  readonly status: number;
  /** status and score, as a page shows them */
  readonly shown: string;
  /** everything that is proven by the position */
  readonly whole: string;
  /** nothing was committed yet: nobody has to show it */
  readonly isUntouched: boolean;
}

/**
 * `exactly`: all is quiet, and every match must be shown as its row is. `at-least`: changes go on, and nothing older than the row may
 * be held; a silent client holds no positions, so that it cannot be asked.
 */
export type Comparison = 'exactly' | 'at-least';

/** One client of the crew, of whatever kind. */
export interface CrewMember {
  readonly name: string;
  readonly kind: ClientKind;
  readonly line: Pick<Line, 'isOpen' | 'isPaused' | 'url' | 'cut' | 'pause' | 'resume' | 'connections'>;
  /** It is told of every match. */
  readonly followsAll: boolean;
  start(): void;
  /** Does it listen, with everything asked for answered? */
  readonly isServed: boolean;
  /** @returns the first match that it shows otherwise than the row; null when there is none */
  behindOn(rows: readonly TrueRow[], how: Comparison): string | null;
  end(): void;
}

export function isBehind(held: Held, row: Held, how: Comparison): boolean {
  return how === 'exactly' ? !isSamePosition(held, row) : isBefore(held, row);
}
