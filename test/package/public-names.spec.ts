import { beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const ENTRIES = {
  root: 'src/index.ts',
  broadcast: 'src/broadcast/index.ts',
  client: 'src/client/index.ts',
  operations: 'src/operations/index.ts',
  rollout: 'src/rollout/index.ts',
  settlement: 'src/settlement/index.ts',
  migrations: 'migrations/index.ts',
  terminus: 'src/terminus/index.ts',
  testing: 'src/testing/index.ts',
  tracing: 'src/tracing/index.ts',
};
const MOST_NAMES_AT_THE_ROOT = 80;
const COMPILE_TIMEOUT_MS = 240_000;

let program: ts.Program;
let checker: ts.TypeChecker;
beforeAll(() => {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    experimentalDecorators: true,
    noLib: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  // names and kinds are ours: what packages declare is not looked at
  host.resolveModuleNameLiterals = (literals, file) =>
    literals.map(({ text }) =>
      text.startsWith('.')
        ? ts.resolveModuleName(text, file, options, host, undefined, undefined, ts.ModuleKind.ESNext)
        : { resolvedModule: undefined },
    );
  program = ts.createProgram(Object.values(ENTRIES), options, host);
  checker = program.getTypeChecker();
}, COMPILE_TIMEOUT_MS);

/** Every name a host can import, types included, as `kind name`. */
function publicNamesOf(entry: string): readonly string[] {
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${entry} exports nothing`);
  return checker
    .getExportsOfModule(module)
    .map((symbol) => `${kindOf(symbol)} ${symbol.name}`)
    .sort();
}

function kindOf(symbol: ts.Symbol): string {
  const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  if (flags & ts.SymbolFlags.Class) return 'class';
  if (flags & ts.SymbolFlags.Function) return 'function';
  return flags & ts.SymbolFlags.Value ? 'const' : 'type';
}

// A new name here is a promise to hosts. Update with `npm test -- test/package/public-names -u`.
describe('the public names of the package', () => {
  it('are these at the root', () => {
    expect(publicNamesOf(ENTRIES.root)).toMatchInlineSnapshot(`
     [
       "class AfterCommitModule",
       "class BroadcastGateway",
       "class BroadcastModule",
       "class CachedReads",
       "class Clock",
       "class CommittedChanges",
       "class DeadLettersModule",
       "class EntitySyncWorker",
       "class ExplainAnswer",
       "class FeedFreshness",
       "class FeedMonitor",
       "class FeedRecoveryModule",
       "class ForeignWritersModule",
       "class HealthModule",
       "class HealthReport",
       "class IngestLease",
       "class InvalidOptionError",
       "class LeaseModule",
       "class LegacyCallersModule",
       "class LiveScoreError",
       "class LiveScoreMetrics",
       "class LiveScoreModule",
       "class MatchCacheModule",
       "class MatchDetailsModule",
       "class MatchTimes",
       "class MinuteModule",
       "class MqttFeedStatus",
       "class MqttIngestModule",
       "class PostgresModule",
       "class ProviderApi",
       "class ProviderError",
       "class ProviderModule",
       "class ProviderStatus",
       "class Readiness",
       "class ReannounceModule",
       "class RolloutModule",
       "class ScoreWriter",
       "class ScoreWriterModule",
       "class SettlementModule",
       "class SyncModule",
       "class UpdateSink",
       "const MatchStatus",
       "function connectLiveScoreFeed",
       "function decide",
       "function diaryCacheKey",
       "function displayScore",
       "function isLive",
       "function matchMinute",
       "function minuteText",
       "type BroadcastOptions",
       "type Committed",
       "type DeadLettersOptions",
       "type FeedRecoveryOptions",
       "type FeedStateChanged",
       "type ForeignWritersOptions",
       "type HealthOptions",
       "type Incident",
       "type LeaseOptions",
       "type LiveScoreExtras",
       "type LiveScoreOptions",
       "type LiveSnapshot",
       "type Liveness",
       "type MatchCacheOptions",
       "type MatchEvent",
       "type MatchFeed",
       "type MatchState",
       "type MatchUpdate",
       "type MinuteOptions",
       "type MqttIngestOptions",
       "type Outcome",
       "type PostgresOptions",
       "type ProviderOptions",
       "type ReadinessReport",
       "type Receipt",
       "type ScoreCommitted",
       "type ScoreWriterOptions",
       "type SettlementOptions",
       "type Slots",
       "type SyncOptions",
       "type UpdateSource",
     ]
    `);
  });

  it('are few at the root', () => {
    expect(publicNamesOf(ENTRIES.root).length).toBeLessThanOrEqual(MOST_NAMES_AT_THE_ROOT);
  });

  it('are these beside the modules of the broadcast', () => {
    expect(publicNamesOf(ENTRIES.broadcast)).toMatchInlineSnapshot(`
     [
       "class Audience",
       "class BroadcastBus",
       "class ClientAuthenticator",
       "class MessageRefused",
       "const ANONYMOUS",
       "type ChangeFrame",
       "type ClientFrame",
       "type ClientIdentity",
       "type ClientMessage",
       "type Committed",
       "type LiveClient",
       "type MatchView",
       "type Position",
       "type PredictionFrame",
       "type ServerFrame",
       "type Told",
       "type UpgradeFacts",
       "type VersionTold",
     ]
    `);
  });

  it('are these for clients in browsers and Node', () => {
    expect(publicNamesOf(ENTRIES.client)).toMatchInlineSnapshot(`
     [
       "class LiveClient",
       "const MatchStatus",
       "function createLiveClient",
       "function minuteOf",
       "function minuteText",
       "type CardView",
       "type ConnectionState",
       "type GoalEvent",
       "type LiveClientOptions",
       "type LiveEvents",
       "type MatchClock",
       "type MatchEvent",
       "type MatchNews",
       "type MatchView",
       "type Page",
       "type PredictionView",
       "type Selection",
       "type ShownMinute",
       "type SubstitutionView",
       "type Timers",
       "type WebSocketConstructor",
       "type WebSocketLike",
     ]
    `);
  });

  it('are these in ./settlement', () => {
    expect(publicNamesOf(ENTRIES.settlement)).toMatchInlineSnapshot(`
     [
       "class PredictionRepository",
       "class SettledPredictions",
       "class SettlementFollowUp",
       "const UNFINISHED",
       "type ForeignResult",
       "type PredictionText",
       "type Ruling",
       "type SettledPrediction",
       "type SettledSoFar",
       "type SettlementStep",
       "type SettlementWritten",
       "type SweepPage",
       "type UnsettledMatch",
       "type WorkingMode",
     ]
    `);
  });

  it('are these in ./rollout', () => {
    expect(publicNamesOf(ENTRIES.rollout)).toMatchInlineSnapshot(`
     [
       "class LegacyBroadcastPort",
       "class LegacyCallersModule",
       "class LegacyEvents",
       "class LegacyFeedHandler",
       "class LegacyOrchestrator",
       "class LegacyScorePath",
       "class MatchRouter",
       "class OrchestratorFacade",
       "class RolloutController",
       "class RolloutModule",
       "class RolloutState",
       "type ClientFrame",
       "type FieldUpdate",
       "type LegacyQueueItem",
       "type LegacyQueueStats",
       "type MatchRoute",
       "type MatchUpdated",
       "type MinuteRow",
       "type RolloutChange",
       "type RolloutChanged",
       "type RolloutDecision",
       "type RolloutLimits",
       "type RolloutOptions",
       "type RolloutSetting",
       "type RolloutSnapshot",
       "type RolloutStage",
       "type RolloutStep",
       "type RolloutWatchOptions",
       "type UpdateResult",
     ]
    `);
  });

  it('are these in ./migrations', () => {
    expect(publicNamesOf(ENTRIES.migrations)).toMatchInlineSnapshot(`
     [
       "class ForeignColumnError",
       "class MigrationLockedError",
       "class PlatformTableMissingError",
       "class UnreadableHistoryError",
       "class UnsupportedDatabaseError",
       "const LIVESCORE_MIGRATIONS_TABLE",
       "const livescoreMigrations",
       "function livescoreMigrationStatus",
       "function revertLivescoreMigration",
       "function runLivescoreMigrations",
       "type MigrationStatus",
     ]
    `);
  });

  it('are these in ./operations', () => {
    expect(publicNamesOf(ENTRIES.operations)).toMatchInlineSnapshot(`
     [
       "class OperationsModule",
       "type OperationsOptions",
     ]
    `);
  });

  it('are these in ./tracing', () => {
    expect(publicNamesOf(ENTRIES.tracing)).toMatchInlineSnapshot(`
     [
       "class TracingModule",
       "type TracingOptions",
     ]
    `);
  });

  it('are these in ./terminus', () => {
    expect(publicNamesOf(ENTRIES.terminus)).toMatchInlineSnapshot(`
     [
       "class BroadcastIndicator",
       "class DatabaseIndicator",
       "class FeedIndicator",
       "class LeaseIndicator",
       "class LiveScoreTerminusModule",
       "class PoolIndicator",
       "class ProviderIndicator",
       "class SyncIndicator",
       "class WritesIndicator",
       "type HostCheck",
       "type IndicatorResult",
       "type LiveScoreTerminusOptions",
     ]
    `);
  });

  it('are these in ./testing', () => {
    expect(publicNamesOf(ENTRIES.testing)).toMatchInlineSnapshot(`
     [
       "class BoardStore",
       "class BroadcastBus",
       "class BudgetStore",
       "class ChangeStore",
       "class DeadLetterStore",
       "class DeletionStore",
       "class DetailsStore",
       "class EntityStore",
       "class FakeClock",
       "class FixtureStore",
       "class ForeignWriteStore",
       "class InMemoryBoardStore",
       "class InMemoryBroadcastBus",
       "class InMemoryBudget",
       "class InMemoryBudgetStore",
       "class InMemoryBusHub",
       "class InMemoryChangeStore",
       "class InMemoryDeadLetterStore",
       "class InMemoryDeletionStore",
       "class InMemoryDetailsStore",
       "class InMemoryEntityStore",
       "class InMemoryFixtureStore",
       "class InMemoryForeignWriteStore",
       "class InMemoryJournalWatermark",
       "class InMemoryLease",
       "class InMemoryLeaseStore",
       "class InMemoryLiveMatches",
       "class InMemoryMinuteStore",
       "class InMemoryPredictionRepository",
       "class InMemoryRecentChanges",
       "class InMemoryRetentionStore",
       "class InMemoryRevertStore",
       "class InMemoryRolloutStore",
       "class InMemoryScoreStore",
       "class InMemoryShadowStore",
       "class InMemoryStaleMatches",
       "class InMemorySyncRuns",
       "class JournalWatermark",
       "class LeaseStore",
       "class LiveMatches",
       "class MinuteStore",
       "class ProviderChanges",
       "class ProviderDeletions",
       "class ProviderEntities",
       "class ProviderFaults",
       "class ProviderFixtures",
       "class ProviderRequestLog",
       "class ProviderStandIn",
       "class RecentChanges",
       "class RetentionStore",
       "class RevertStore",
       "class RolloutStore",
       "class ScoreStore",
       "class ShadowStore",
       "class StaleMatches",
       "class SyncRuns",
       "const PROVIDER_ENTITY_KINDS",
       "const PROVIDER_ENTITY_LISTS",
       "const PROVIDER_FAULT_KINDS",
       "const RETAINED_KINDS",
       "const platformSchemaSql",
       "const providerErrorBodies",
       "function fillCatalogue",
       "function startProviderStandIn",
       "function tournamentCatalogue",
       "type Acquisition",
       "type AgedRow",
       "type BoardRow",
       "type BudgetState",
       "type CatalogueMatch",
       "type CatalogueOptions",
       "type CatalogueTournament",
       "type ChangeRange",
       "type DetailsChange",
       "type DueMinute",
       "type Fixture",
       "type FixtureRow",
       "type ForeignWrite",
       "type InMemoryBusHubOptions",
       "type JournalEntry",
       "type JournalHeads",
       "type JournaledChange",
       "type JournaledTimes",
       "type JournaledWrite",
       "type KeptChange",
       "type LegacyRow",
       "type LetterBounds",
       "type LetterRef",
       "type ListedMatch",
       "type LiveMatch",
       "type LiveRow",
       "type LoggedRequest",
       "type MinuteRow",
       "type PredictionRow",
       "type ProviderBehaviour",
       "type ProviderCatalogue",
       "type ProviderChange",
       "type ProviderChangeType",
       "type ProviderEntityKind",
       "type ProviderFault",
       "type ProviderFaultKind",
       "type ProviderFixture",
       "type ProviderMatch",
       "type ProviderPresentation",
       "type ProviderRow",
       "type ProviderStandInOptions",
       "type PrunedBatch",
       "type RetainedKind",
       "type RevertAnswer",
       "type RevisionRow",
       "type RolloutDecision",
       "type ScoreWrite",
       "type ShadowFindings",
       "type StoreFault",
       "type StoreOperation",
       "type StoredBudget",
       "type StoredDetails",
       "type StoredEntity",
       "type StoredFixture",
       "type StoredLetter",
       "type SyncRunRow",
       "type TableSize",
       "type TournamentCatalogueOptions",
       "type Trimmed",
       "type WatchedRow",
     ]
    `);
  });
});
