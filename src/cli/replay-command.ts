import { appendFileSync, writeFileSync } from 'node:fs';
import { printable } from '../kernel/printable.js';
import { reasonOf } from '../kernel/unreachable.errors.js';
import {
  isRight,
  MOST_COUNTED,
  otherMatches,
  readTournament,
  removeRun,
  replayTournament,
  type Tournament,
  TournamentFileError,
} from '../replay/index.js';
import { CommandError } from './cli.errors.js';
import type { Command, CommandOutput } from './command.js';
import { withDatabase } from './platform-database.js';
import { jsonLine } from './printing.js';
import { REPLAY_HELP, type ReplayArguments, readCleanArguments, readReplayArguments } from './replay-arguments.js';
import { confirm, readTarget } from './target.js';

/** `livescore replay`. */
export const replayCommand: Command = {
  help: REPLAY_HELP,
  run: async (argv, env, output) => {
    const left = readCleanArguments(argv, env);
    if (left) return clean(left.cleanRun, left.databaseUrl, output);
    const replay = readReplayArguments(argv, env);
    const tournament = onlyMatches(await readTournament(replay.file), replay.only);
    describe(tournament, output);
    await agree(replay, output);
    const summary = await replayTournament({
      ...replay.options,
      tournament,
      onPublished: replay.jsonFrames === undefined ? undefined : frameFile(replay.jsonFrames),
      onProgress: ({ run, phase, matchesStarted, matches, frames }) => {
        if (phase === 'seeded') output.stderr(`run ${run}: its fixtures are in the database`);
        if (phase !== 'publishing' || matchesStarted % 8 === 0) {
          output.stderr(`${phase}: ${matchesStarted} of ${matches} matches begun, ${frames} frames`);
        }
      },
    });
    for (const wrong of summary.wrongRows.slice(0, 20)) {
      const [expected, actual] = [jsonLine(wrong.expected), jsonLine(wrong.actual)];
      output.stderr(
        `wrong: ${printable(wrong.teams)} (${wrong.matchId}) ${wrong.column}: expected ${expected}, found ${actual}`,
      );
    }
    if (replay.clean) await clean(summary.run, replay.options.databaseUrl, output);
    else output.stderr(`Its matches stay: livescore replay --clean-run ${summary.run} takes them away`);
    output.stdout(jsonLine(summary));
    return isRight(summary) ? 0 : 1;
  },
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
  stderr(`${printable(name)}: ${matches.length} matches`);
  for (const { match, reason } of skipped) stderr(`skipped: ${printable(match)} (${printable(reason)})`);
}

const PLATFORM = { code: 'LIVESCORE_REPLAY_FIXTURES', lack: 'the database lacks the platform tables' };

/** Real matches and made-up ones side by side are a mistake, more often than not. */
async function agree({ yes, options: { databaseUrl } }: ReplayArguments, output: CommandOutput): Promise<void> {
  await withDatabase({ DATABASE_URL: databaseUrl }, PLATFORM, async (client) => {
    const target = await readTarget(client, databaseUrl);
    const others = await otherMatches(client);
    const words = `This writes made-up matches into it. It holds ${others === MOST_COUNTED ? `${others} or more` : others} matches that are of no replay.`;
    await confirm(target, { words, agreed: yes || others === 0 }, output);
  });
}

/** @returns the exit code: 1 when the replay left nothing */
function clean(run: string, databaseUrl: string, output: CommandOutput): Promise<number> {
  return withDatabase({ DATABASE_URL: databaseUrl }, PLATFORM, async (client) => {
    const { address, database } = await readTarget(client, databaseUrl);
    const { matches, rows } = await removeRun(client, run);
    const words = `${matches} matches of replay ${run}, with ${rows} other rows of theirs`;
    output.stderr(`Removed from ${printable(database)} at ${address}: ${words}`);
    return matches > 0 ? 0 : 1;
  });
}

function frameFile(path: string): (payload: string) => void {
  try {
    writeFileSync(path, '');
  } catch (cause) {
    throw new CommandError('LIVESCORE_CLI_OUTPUT', `cannot write ${path}: ${reasonOf(cause)}`, {}, { cause });
  }
  return (payload) => appendFileSync(path, `${payload}\n`);
}
