import type { LiveScoreOptions } from '@goalgpt/livescore';
import type { RolloutOptions } from '@goalgpt/livescore/rollout';

// The option types reach the host whole: were `pg`'s types missing there, anything would do as a connection.
export const withPoolSettings: LiveScoreOptions = { postgres: { connection: { host: 'database', max: 3 } } };
// @ts-expect-error a connection is a string or pool settings
export const withNumber: LiveScoreOptions = { postgres: { connection: 5 } };

// Both entries mean the same rollout.
const rollout: RolloutOptions = { pollMs: 250, maxStage: 'shadow' };
export const withRollout: LiveScoreOptions = { rollout };
