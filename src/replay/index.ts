// The door of the replay: its one function, what it takes and answers, and what is said of the rows it leaves.

export { plannedStarts } from './planned-start.js';
export { TournamentFileError } from './replay.errors.js';
export { REPLAY_DEFAULTS, type ReplayOptions } from './replay-options.js';
export { isRight, type ReplaySummary, replayTournament } from './replay-tournament.js';
export { MOST_COUNTED, otherMatches, removeRun } from './replayed-rows.js';
export { newRun } from './run-identity.js';
export { readTournament } from './tournament/read-tournament.js';
export type { Tournament } from './tournament/tournament.js';
