/** Injection token of the resolved ExplainOptions. */
export const EXPLAIN_OPTIONS = Symbol.for('@goalgpt/livescore/explain-options');
