import type { Clock } from '../kernel/clock.js';
import type { Tournament } from './tournament/tournament.js';

export interface ReplayOptions {
  /** from `readTournament(file)` or `parseTournament(json)` */
  readonly tournament: Tournament;
  /** `mqtt://…`, `mqtts://…`, `ws://…` or `wss://…` */
  readonly mqttUrl: string;
  /** @default 'thesports/football/match/v1' */
  readonly topic?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** @default 0, as the provider */
  readonly qos?: 0 | 1 | undefined;
  /** `postgres://…`, with the platform tables */
  readonly databaseUrl: string;
  /** WebSocket endpoint of the host, `ws://…/ws`; needed by `verify` only */
  readonly wsUrl?: string | undefined;
  /** Minutes of match time per minute, or `max`: without waiting. @default 'max' */
  readonly speed?: number | 'max' | undefined;
  /** Most frames per second. @default 2000 */
  readonly rate?: number | undefined;
  /** @default 8 */
  readonly matchesAtOnce?: number | undefined;
  /** Adds duplicates of newest frames, late frames of earlier periods, shuffled envelopes. @default false */
  readonly chaos?: boolean | undefined;
  /** Same seed, same frames (but for ids and times). @default 1 */
  readonly seed?: number | undefined;
  /** Names the replay: 9 digits and small letters, with which its ids begin. @default by chance */
  readonly run?: string | undefined;
  /**
   * `insert`: competition, teams and fixtures are put into the tables. `present`: they are there with the ids of this run,
   * from a provider that was told to tell them. @default 'insert'
   */
  readonly fixtures?: 'insert' | 'present' | undefined;
  /** Reads rows and announcements back and compares them with the tournament. @default false */
  readonly verify?: boolean | undefined;
  /** Predictions on every market of each match, for a host that settles them; `verify` looks at them, too. @default false */
  readonly predictions?: boolean | undefined;
  /** Which matches `verify` looks at; asked after the last frame. @default all */
  readonly verifyOnly?: ((matchId: string) => boolean) | undefined;
  /**
   * The clock the host lives by, when it runs `speed` times as fast as real time: matches then take their full time on
   * it, and minutes on screen are true. Without it kick-offs are placed in the past.
   */
  readonly clock?: Clock | undefined;
  /** called for every message, in order */
  readonly onPublished?: ((payload: string) => void) | undefined;
  /** called at every start of a match and at the end */
  readonly onProgress?: ((progress: ReplayProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ReplayProgress {
  /** names this replay: its matches, teams and competition begin with it */
  readonly run: string;
  readonly phase: 'seeded' | 'publishing' | 'published';
  readonly matchesStarted: number;
  readonly matches: number;
  readonly frames: number;
}

export const REPLAY_DEFAULTS = {
  topic: 'thesports/football/match/v1',
  speed: 'max',
  rate: 2_000,
  matchesAtOnce: 8,
  seed: 1,
  fixtures: 'insert',
} as const;
