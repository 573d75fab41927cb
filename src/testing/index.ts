export { type BoardRow, BoardStore, type JournalHeads } from '../broadcast/ports/board-store.js';
export { BroadcastBus } from '../broadcast/ports/broadcast-bus.js';
export {
  DeadLetterStore,
  type LetterBounds,
  type LetterRef,
  type StoredLetter,
  type Trimmed,
} from '../dead-letters/ports/dead-letter-store.js';
export { JournalWatermark } from '../feed-recovery/ports/journal-watermark.js';
export { type LiveMatch, LiveMatches } from '../feed-recovery/ports/live-matches.js';
export { type ForeignWrite, ForeignWriteStore } from '../foreign-writers/ports/foreign-write-store.js';
export { type Acquisition, LeaseStore } from '../lease/ports/lease-store.js';
export { type DetailsChange, DetailsStore, type StoredDetails } from '../match-details/ports/details-store.js';
export {
  type DueMinute,
  type LiveRow,
  MinuteStore,
} from '../minute/ports/minute-store.js';
export type { BudgetState } from '../provider/ports/budget-state.js';
export { BudgetStore, type StoredBudget } from '../provider/ports/budget-store.js';
export { type JournaledChange, RecentChanges } from '../reannounce/ports/recent-changes.js';
export {
  type PrunedBatch,
  RETAINED_KINDS,
  type RetainedKind,
  RetentionStore,
  type TableSize,
} from '../retention/ports/retention-store.js';
export { type RolloutDecision, RolloutStore } from '../rollout/ports/rollout-store.js';
export { type LegacyRow, type ShadowFindings, ShadowStore } from '../rollout/ports/shadow-store.js';
export {
  type ChangeRange,
  type JournaledWrite,
  type RevertAnswer,
  RevertStore,
} from '../score-writer/ports/revert-store.js';
export { ScoreStore, type ScoreWrite } from '../score-writer/ports/score-store.js';
export { ChangeStore, type KeptChange } from '../sync/ports/change-store.js';
export { DeletionStore } from '../sync/ports/deletion-store.js';
export { EntityStore } from '../sync/ports/entity-store.js';
export { type Fixture, FixtureStore, type StoredFixture } from '../sync/ports/fixture-store.js';
export { StaleMatches } from '../sync/ports/stale-matches.js';
export { SyncRuns } from '../sync/ports/sync-runs.js';
export { FakeClock } from './fake-clock.js';
export { InMemoryBoardStore } from './in-memory-board-store.js';
export { InMemoryBroadcastBus, InMemoryBusHub, type InMemoryBusHubOptions } from './in-memory-broadcast-bus.js';
export { InMemoryBudget, InMemoryBudgetStore } from './in-memory-budget-store.js';
export { InMemoryChangeStore } from './in-memory-change-store.js';
export { InMemoryDeadLetterStore } from './in-memory-dead-letter-store.js';
export { InMemoryDeletionStore } from './in-memory-deletion-store.js';
export { InMemoryDetailsStore } from './in-memory-details-store.js';
export { InMemoryEntityStore, type StoredEntity } from './in-memory-entity-store.js';
export { type FixtureRow, InMemoryFixtureStore } from './in-memory-fixture-store.js';
export { InMemoryForeignWriteStore } from './in-memory-foreign-write-store.js';
export { InMemoryJournalWatermark, type JournaledTimes } from './in-memory-journal-watermark.js';
export { InMemoryLease, InMemoryLeaseStore } from './in-memory-lease-store.js';
export { InMemoryLiveMatches, type ListedMatch } from './in-memory-live-matches.js';
export { InMemoryMinuteStore, type MinuteRow } from './in-memory-minute-store.js';
export {
  InMemoryPredictionRepository,
  type PredictionRow,
  type RevisionRow,
} from './in-memory-prediction-repository.js';
export { InMemoryRecentChanges } from './in-memory-recent-changes.js';
export { type AgedRow, InMemoryRetentionStore } from './in-memory-retention-store.js';
export { InMemoryRevertStore } from './in-memory-revert-store.js';
export { InMemoryRolloutStore } from './in-memory-rollout-store.js';
export type { JournalEntry } from './in-memory-score-row.js';
export { InMemoryScoreStore, type StoreOperation } from './in-memory-score-store.js';
export { InMemoryShadowStore } from './in-memory-shadow-store.js';
export { InMemoryStaleMatches, type WatchedRow } from './in-memory-stale-matches.js';
export type { SyncRunRow } from './in-memory-sync-run-row.js';
export { InMemorySyncRuns } from './in-memory-sync-runs.js';
export { platformSchemaSql } from './platform-schema.js';
export type { ProviderBehaviour } from './provider-behaviour.js';
export { type CatalogueOptions, fillCatalogue } from './provider-catalogue.js';
export type { ProviderChange, ProviderChanges, ProviderChangeType } from './provider-changes.js';
export type { ProviderDeletions } from './provider-deletions.js';
export {
  PROVIDER_ENTITY_KINDS,
  PROVIDER_ENTITY_LISTS,
  type ProviderEntities,
  type ProviderEntityKind,
} from './provider-entities.js';
export { PROVIDER_FAULT_KINDS, type ProviderFault, type ProviderFaultKind } from './provider-fault.js';
export type { ProviderFaults } from './provider-faults.js';
export type { ProviderFixture, ProviderFixtures } from './provider-fixtures.js';
export type { ProviderMatch } from './provider-history.js';
export type { ProviderPresentation } from './provider-presentation.js';
export { providerErrorBodies } from './provider-refusals.js';
export type { LoggedRequest, ProviderRequestLog } from './provider-request-log.js';
export type { ProviderRow } from './provider-row.js';
export { ProviderStandIn, type ProviderStandInOptions, startProviderStandIn } from './provider-stand-in.js';
export {
  type ProviderCatalogue,
  type TournamentCatalogueOptions,
  tournamentCatalogue,
} from './provider-tournament.js';
export type { CatalogueMatch, CatalogueTournament } from './provider-tournament-match.js';
export type { StoreFault } from './store-fault.js';
