// The door of the replay: its one function, what it takes and what it answers.
export { TournamentFileError } from './replay.errors.js';
export { REPLAY_DEFAULTS, type ReplayOptions } from './replay-options.js';
export { isRight, type ReplaySummary, replayTournament } from './replay-tournament.js';
export { readTournament } from './tournament/read-tournament.js';
export type { Tournament } from './tournament/tournament.js';
