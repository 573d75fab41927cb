import { appendFileSync, writeFileSync } from 'node:fs';
import { isRight } from '../replay/replay-summary.js';
import { replayTournament } from '../replay/replay-tournament.js';
import { readTournament } from '../replay/tournament/read-tournament.js';
import type { Tournament } from '../replay/tournament/tournament.js';
import { CommandError, reasonOf, TournamentFileError } from './cli.errors.js';
import type { Command, CommandOutput } from './command.js';
import { REPLAY_HELP, readReplayArguments } from './replay-arguments.js';

/** `livescore replay`. */
export const replayCommand: Command = async (argv, env, output) => {
  const replay = readReplayArguments(argv, env);
  if (!replay) {
    output.stdout(REPLAY_HELP);
    return 0;
  }
  const tournament = onlyMatches(await readTournament(replay.file), replay.only);
  describe(tournament, output);
  const summary = await replayTournament({
    ...replay.options,
    tournament,
    onPublished: replay.jsonFrames === undefined ? undefined : frameFile(replay.jsonFrames),
    onProgress: ({ phase, matchesStarted, matches, frames }) => {
      if (phase !== 'publishing' || matchesStarted % 8 === 0) {
        output.stderr(`${phase}: ${matchesStarted} of ${matches} matches begun, ${frames} frames`);
      }
    },
  });
  for (const wrong of summary.wrongRows.slice(0, 20)) {
    const [expected, actual] = [JSON.stringify(wrong.expected), JSON.stringify(wrong.actual)];
    output.stderr(`wrong: ${wrong.teams} (${wrong.matchId}) ${wrong.column}: expected ${expected}, found ${actual}`);
  }
  output.stdout(JSON.stringify(summary));
  return isRight(summary) ? 0 : 1;
};

function onlyMatches(tournament: Tournament, only: string | undefined): Tournament {
  if (only === undefined) return tournament;
  const text = only.toLowerCase();
  const matches = tournament.matches.filter(({ home, away, round }) =>
    `${home} - ${away} ${round ?? ''}`.toLowerCase().includes(text),
  );
  if (matches.length === 0) throw new TournamentFileError(`no match contains "${only}"`);
  return { ...tournament, matches };
}

function describe({ name, matches, skipped }: Tournament, { stderr }: CommandOutput): void {
  stderr(`${name}: ${matches.length} matches`);
  for (const { match, reason } of skipped) stderr(`skipped: ${match} (${reason})`);
}

function frameFile(path: string): (payload: string) => void {
  try {
    writeFileSync(path, '');
  } catch (cause) {
    throw new CommandError('LIVESCORE_CLI_OUTPUT', `cannot write ${path}: ${reasonOf(cause)}`, {}, { cause });
  }
  return (payload) => appendFileSync(path, `${payload}\n`);
}
