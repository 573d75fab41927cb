import { DATA_CRITERIA } from './data-criteria.js';
import type { Criterion, Judgement, VerifyFacts } from './facts.js';
import { HOST_CRITERIA } from './host-criteria.js';
import { LATENCY_CRITERIA } from './latency-criteria.js';

/** The success criteria of the platform, in the order in which an operator looks. */
export const CRITERIA: readonly Criterion[] = [...HOST_CRITERIA, ...LATENCY_CRITERIA, ...DATA_CRITERIA];

/** A criterion with what it says. */
export interface JudgedCriterion extends Judgement, Pick<Criterion, 'id' | 'title' | 'target'> {}

/** Every criterion speaks, whatever the others say. */
export function judgeAll(facts: VerifyFacts): readonly JudgedCriterion[] {
  return CRITERIA.map((criterion) => {
    const { id, title, target } = criterion;
    return { id, title, target, ...criterion.judge(facts) };
  });
}
