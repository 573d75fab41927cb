export {
  DeadLetterStore,
  type LetterBounds,
  type LetterRef,
  type StoredLetter,
  type Trimmed,
} from '../dead-letters/ports/dead-letter-store.js';
export { type Acquisition, LeaseStore } from '../lease/ports/lease-store.js';
export { type RolloutDecision, RolloutStore } from '../rollout/ports/rollout-store.js';
export { type LegacyRow, type ShadowFindings, ShadowStore } from '../rollout/ports/shadow-store.js';
export { ScoreStore, type ScoreWrite } from '../score-writer/ports/score-store.js';
export { FakeClock } from './fake-clock.js';
export { InMemoryDeadLetterStore } from './in-memory-dead-letter-store.js';
export { InMemoryLease, InMemoryLeaseStore } from './in-memory-lease-store.js';
export { InMemoryRolloutStore } from './in-memory-rollout-store.js';
export type { JournalEntry } from './in-memory-score-row.js';
export { InMemoryScoreStore, type StoreFault, type StoreOperation } from './in-memory-score-store.js';
export { InMemoryShadowStore } from './in-memory-shadow-store.js';
export { platformSchemaSql } from './platform-schema.js';
export type { ProviderMatch } from './provider-history.js';
export {
  type ProviderBehaviour,
  ProviderStandIn,
  type ProviderStandInOptions,
  providerErrorBodies,
  startProviderStandIn,
} from './provider-stand-in.js';
