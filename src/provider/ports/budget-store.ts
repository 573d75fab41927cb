import type { BudgetState } from './budget-state.js';

/** The store holds the budget as all instances share it. */
export interface StoredBudget {
  /** null when nothing is stored, or nothing that can be read */
  readonly state: BudgetState | null;
  /** 0 when nothing is stored */
  readonly version: number;
  /** the clock of the store when it was read, unix ms: the same for all instances */
  readonly nowMs: number;
}

/** The store keeps the budget that the instances share. Port and injection token in one; optional. */
export abstract class BudgetStore {
  abstract read(): Promise<StoredBudget>;
  /**
   * Stores the state in the place of the version that was read; version 0: for the first time.
   * @returns false when somebody else was faster: nothing changed
   */
  abstract compareAndSet(version: number, state: BudgetState): Promise<boolean>;
}
