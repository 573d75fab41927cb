import { LiveScoreError } from '../../kernel/livescore.errors.js';

/** What the host says about its legacy path and what it binds do not go together: thrown at boot. */
export class LegacyPathMismatchError extends LiveScoreError {
  constructor(legacy: 'bound' | 'none') {
    super(
      'LIVESCORE_LEGACY_PATH_MISMATCH',
      legacy === 'none'
        ? 'RolloutModule: option "legacy" is "none", but the host binds a legacy path: leave the option out, or bind nothing'
        : 'RolloutModule: no legacy path is bound, so scores of matches in legacy, shadow and canary would go nowhere: ' +
            'provide LegacyFeedHandler (or LegacyScorePath) in a global module, or set rollout.legacy to "none" if ' +
            'there is none',
    );
  }
}

/** Somebody wants matches on the legacy path of a host that has none. */
export class NoLegacyPathError extends LiveScoreError {
  constructor() {
    super(
      'LIVESCORE_NO_LEGACY_PATH',
      'the host has no legacy path (rollout.legacy is "none"): scores would go nowhere. Only direct is possible, until ' +
        'the host binds LegacyFeedHandler or LegacyScorePath',
    );
  }
}
