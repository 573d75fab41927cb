import type { Fault } from './faults/fault.js';

/**
 * How many rounds fall to each fault: one each as far as they go, the rest by weight; what does not divide goes to the
 * first ones.
 */
export function shareRounds(faults: readonly Fault[], rounds: number): ReadonlyMap<Fault, number> {
  const shares = new Map(faults.slice(0, rounds).map((fault) => [fault, 1]));
  const turns = faults.flatMap((fault) => Array.from({ length: fault.weight ?? 1 }, () => fault));
  for (let left = rounds - shares.size, turn = 0; left > 0; left--, turn++) {
    const fault = turns[turn % turns.length] as Fault;
    shares.set(fault, (shares.get(fault) ?? 0) + 1);
  }
  return shares;
}
