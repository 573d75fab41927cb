import { appendFileSync, writeFileSync } from 'node:fs';
import { reasonOf } from '../kernel/unreachable.errors.js';
import {
  isRight,
  REPLAY_DEFAULTS,
  type ReplayOptions,
  readTournament,
  replayTournament,
  type Tournament,
  TournamentFileError,
} from '../replay/index.js';
import { hostUrl, readArguments, readInteger, readNumber, webSocketUrl } from './arguments.js';
import { CommandError, UsageError } from './cli.errors.js';
import type { Command, CommandOutput, Environment } from './command.js';

const REPLAY_HELP = `livescore replay FILE [options]

Publishes a tournament (JSON in the form of openfootball) as the provider would: match by match, over MQTT.
Seeds the fixtures it needs. Progress goes to stderr; the last line of stdout is one JSON object.

  --speed N|max          minutes of match time per minute; max does not wait     default max
  --rate N               most frames per second                                  default 2000
  --matches-at-once N    matches side by side                                    default 8
  --only TEXT            only matches whose teams or round contain TEXT
  --chaos                add duplicates, late frames of earlier periods, shuffled envelopes
  --seed N               same seed, same frames but for ids and times            default 1
  --verify               compare rows and announcements with the tournament afterwards
  --json-frames FILE     also write every message to FILE, one per line
  --mqtt-url URL         MQTT_URL, default mqtt://127.0.0.1:1883
  --topic TOPIC          MQTT_TOPIC, default thesports/football/match/v1
  --username, --password MQTT_USERNAME, MQTT_PASSWORD
  --qos 0|1              default 0
  --database-url URL     DATABASE_URL
  --url URL              host to verify against, default http://127.0.0.1:PORT (PORT or 3000); /ws is added

Exit code: 0 right, 1 something is wrong, 2 the replay could not be done.`;

/** `livescore replay`. */
export const replayCommand: Command = {
  help: REPLAY_HELP,
  run: async (argv, env, output) => {
    const replay = readReplayArguments(argv, env);
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

const OPTIONS = {
  speed: { type: 'string' },
  rate: { type: 'string' },
  'matches-at-once': { type: 'string' },
  only: { type: 'string' },
  chaos: { type: 'boolean' },
  seed: { type: 'string' },
  verify: { type: 'boolean' },
  'json-frames': { type: 'string' },
  'mqtt-url': { type: 'string' },
  topic: { type: 'string' },
  username: { type: 'string' },
  password: { type: 'string' },
  qos: { type: 'string' },
  'database-url': { type: 'string' },
  url: { type: 'string' },
} as const;

interface ReplayArguments {
  readonly file: string;
  readonly only: string | undefined;
  readonly jsonFrames: string | undefined;
  readonly options: Omit<ReplayOptions, 'tournament'>;
}

/** @throws UsageError */
export function readReplayArguments(argv: readonly string[], env: Environment): ReplayArguments {
  const { values, positionals } = readArguments('replay', argv, OPTIONS);
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError('give one tournament file: livescore replay FILE');
  const databaseUrl = given(values['database-url']) ?? given(env.DATABASE_URL);
  if (databaseUrl === undefined) throw new UsageError('no database: set DATABASE_URL or give --database-url');
  return {
    file,
    only: values.only,
    jsonFrames: values['json-frames'],
    options: {
      mqttUrl: given(values['mqtt-url']) ?? given(env.MQTT_URL) ?? 'mqtt://127.0.0.1:1883',
      topic: given(values.topic) ?? given(env.MQTT_TOPIC) ?? REPLAY_DEFAULTS.topic,
      username: given(values.username) ?? given(env.MQTT_USERNAME),
      password: given(values.password) ?? given(env.MQTT_PASSWORD),
      qos: readQos(values.qos),
      databaseUrl,
      wsUrl: webSocketUrl(hostUrl(given(values.url), env)),
      speed: readSpeed(values.speed),
      rate: readNumber('rate', values.rate ?? String(REPLAY_DEFAULTS.rate), 1, 1_000_000),
      matchesAtOnce: readInteger('matches-at-once', values['matches-at-once'] ?? '8', 1, 10_000),
      seed: readInteger('seed', values.seed ?? String(REPLAY_DEFAULTS.seed), -(2 ** 31), 2 ** 31 - 1),
      chaos: values.chaos ?? false,
      verify: values.verify ?? false,
    },
  };
}

/** An empty variable counts as unset. */
function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function readSpeed(text = 'max'): number | 'max' {
  return text === 'max' ? 'max' : readNumber('speed', text, 0.1, 1_000_000);
}

function readQos(text = '0'): 0 | 1 {
  if (text !== '0' && text !== '1') throw new UsageError(`--qos must be 0 or 1, received "${text}"`);
  return text === '1' ? 1 : 0;
}
