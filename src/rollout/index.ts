export type { ClientFrame } from '../broadcast/ports/client-frame.js';
export { LegacyBroadcastPort } from '../broadcast/ports/legacy-broadcast.js';
export { type MatchRoute, MatchRouter } from '../contracts/match-router.js';
export { LegacyCallersModule } from '../legacy-bridge/legacy-callers.module.js';
export { LegacyEvents } from '../legacy-bridge/legacy-events.service.js';
export { OrchestratorFacade } from '../legacy-bridge/orchestrator-facade.service.js';
export { LegacyFeedHandler } from '../legacy-bridge/ports/legacy-feed-handler.js';
export {
  type FieldUpdate,
  LegacyOrchestrator,
  type MatchUpdated,
  type MinuteRow,
  type UpdateResult,
} from '../legacy-bridge/ports/legacy-orchestrator.js';
export {
  type LegacyQueueItem,
  type LegacyQueueStats,
  LegacyScorePath,
} from '../legacy-bridge/ports/legacy-score-path.js';
export type {
  RolloutChange,
  RolloutDecision,
  RolloutSetting,
  RolloutSnapshot,
  RolloutStage,
  RolloutStep,
} from './ports/rollout-store.js';
export { RolloutModule } from './rollout.module.js';
export type { RolloutOptions } from './rollout.options.js';
export { type RolloutChanged, RolloutState } from './routing/rollout-state.service.js';
export { RolloutController } from './watch/rollout-controller.service.js';
export type { RolloutLimits, RolloutWatchOptions } from './watch/rollout-watch.options.js';
