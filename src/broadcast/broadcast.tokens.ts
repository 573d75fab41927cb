/** Options as the host gave them. */
export const BROADCAST_OPTIONS = Symbol.for('@goalgpt/livescore/broadcast/options');
/** Options with defaults, checked. */
export const RESOLVED_BROADCAST_OPTIONS = Symbol.for('@goalgpt/livescore/broadcast/resolved-options');
