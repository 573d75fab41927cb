export type { Committed } from '../contracts/committed-changes.js';
export { Audience, type PredictionFrame } from './ports/audience.js';
export { BroadcastBus } from './ports/broadcast-bus.js';
export {
  ANONYMOUS,
  ClientAuthenticator,
  type ClientIdentity,
  type UpgradeFacts,
} from './ports/client-authenticator.js';
export type { ClientFrame } from './ports/client-frame.js';
export type { LiveClient } from './ports/live-client.js';
export type { ChangeFrame, ClientMessage, MatchView, ServerFrame } from './ports/match-frames.js';
export { MessageRefused } from './ports/message-pipeline.js';
export type { Position } from './ports/position.js';
export type { Told, VersionTold } from './ports/told.js';
