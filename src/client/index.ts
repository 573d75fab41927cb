export type {
  CardView,
  MatchView,
  PredictionView,
  Selection,
  SubstitutionView,
} from '../broadcast/ports/match-frames.js';
export type { MatchEvent } from '../domain/match-event.js';
export type { MatchClock } from '../domain/match-minute.js';
export type { MatchStatus } from '../domain/match-status.js';
export { minuteOf, minuteText } from './clock-minute.js';
export { createLiveClient, type LiveClient, type ShownMinute } from './live-client.js';
export type { LiveClientOptions, Page, Timers, WebSocketConstructor, WebSocketLike } from './live-client.options.js';
export type { ConnectionState, GoalEvent, LiveEvents, MatchNews } from './live-events.js';
