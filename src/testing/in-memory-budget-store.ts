import type { Clock } from '../kernel/clock.js';
import { readBudgetState } from '../provider/budget-state-reader.js';
import type { BudgetState } from '../provider/ports/budget-state.js';
import { BudgetStore, type StoredBudget } from '../provider/ports/budget-store.js';

/** The budget is its row in memory, with the clock of its database: shared by the stores of all processes. */
export class InMemoryBudget {
  version = 0;
  /** as it is stored: JSON */
  json: string | null = null;

  constructor(readonly clock: Clock) {}
}

/**
 * The store is one process's way to the budget, held to the same contract as PostgreSQL. A statement takes effect when
 * it is called.
 */
export class InMemoryBudgetStore extends BudgetStore {
  /** `refused`: statements fail; `answer-lost`: they take effect and fail; `silent`: they are never answered */
  fault: 'refused' | 'answer-lost' | 'silent' | null = null;
  /** statements that arrived, failed ones included */
  statements = 0;

  constructor(private readonly budget: InMemoryBudget) {
    super();
  }

  override read(): Promise<StoredBudget> {
    return this.answer(({ json, version, clock }) => ({
      state: json === null ? null : readBudgetState(JSON.parse(json)),
      version,
      nowMs: clock.nowMs(),
    }));
  }

  override compareAndSet(version: number, state: BudgetState): Promise<boolean> {
    return this.answer((budget) => {
      if (budget.version !== version) return false;
      budget.version += 1;
      budget.json = JSON.stringify(state);
      return true;
    });
  }

  private async answer<T>(effect: (budget: InMemoryBudget) => T): Promise<T> {
    this.statements++;
    const { fault } = this;
    if (fault === 'refused') throw new Error('The in-memory budget store was told to refuse');
    const result = effect(this.budget);
    if (fault === 'silent') return new Promise(() => {});
    if (fault === 'answer-lost') throw new Error('The in-memory budget store was told to lose the answer');
    return result;
  }
}
