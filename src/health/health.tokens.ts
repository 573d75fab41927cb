/** Injection token of the resolved {@link HealthOptions}. */
export const HEALTH_OPTIONS = Symbol.for('@goalgpt/livescore/health-options');
