import type { BudgetDemand } from './budget-decision.js';
import { PRIORITIES, type Priority } from './ports/provider-lists.js';

/**
 * `full`: too many wait; `late`: no turn within `maxWaitMs`; `aborted`: by the signal, or the module is destroyed; `paused`: nobody
 * asks, because the provider said "too many requests" to another instance
 */
export type Turn = 'granted' | 'full' | 'late' | 'aborted' | 'paused';

/** Somebody who waits for a turn. */
export interface Waiting extends BudgetDemand {
  readonly answer: (turn: Turn) => void;
}

const MOST_WAITING = 100;

/** The callers of this process that wait for a turn, a hundred of each class at most. */
export class WaitingTurns {
  private readonly queues: Readonly<Record<Priority, Set<Waiting>>> = {
    recovery: new Set(),
    live: new Set(),
    schedule: new Set(),
    catalogue: new Set(),
  };

  /** @returns false when too many of the class wait already */
  add(waiting: Waiting): boolean {
    const queue = this.queues[waiting.priority];
    if (queue.size >= MOST_WAITING) return false;
    queue.add(waiting);
    return true;
  }

  remove(waiting: Waiting): void {
    this.queues[waiting.priority].delete(waiting);
  }

  has(waiting: Waiting): boolean {
    return this.queues[waiting.priority].has(waiting);
  }

  /** Somebody of the same class waits for the same endpoint, and came before. */
  hasBefore({ priority, endpoint }: BudgetDemand): boolean {
    return [...this.queues[priority]].some((other) => other.endpoint === endpoint);
  }

  /** The higher classes first, in each the oldest first. */
  all(): readonly Waiting[] {
    return PRIORITIES.flatMap((priority) => [...this.queues[priority]]);
  }
}
