import { readFileSync } from 'node:fs';
import { isAddress, type Service } from '../kernel/service-address.js';
import { reasonOf } from '../kernel/unreachable.errors.js';
import { REPLAY_DEFAULTS, type ReplayOptions } from '../replay/index.js';
import { hostUrl, readArguments, readInteger, readNumber, webSocketUrl } from './arguments.js';
import { CommandError, UsageError } from './cli.errors.js';
import type { Environment } from './command.js';

export const REPLAY_HELP = `livescore replay FILE [options]

Publishes a tournament (JSON in the form of openfootball) as the provider would: match by match, over MQTT.
Seeds the fixtures it needs. Progress goes to stderr; the last line of stdout is one JSON object.

  --speed N|max          minutes of match time per minute; max does not wait     default max
  --rate N               most frames per second                                  default 2000
  --matches-at-once N    matches side by side                                    default 8
  --only TEXT            only matches whose teams or round contain TEXT
  --chaos                add duplicates, late frames of earlier periods, shuffled envelopes
  --seed N               same seed, same frames but for ids and times            default 1
  --predictions          predictions on every market of each match, for a host that settles them
  --verify               compare rows and announcements with the tournament afterwards
  --json-frames FILE     also write every message to FILE, one per line
  --mqtt-url URL         MQTT_URL, default mqtt://127.0.0.1:1883
  --topic TOPIC          MQTT_TOPIC, default thesports/football/match/v1
  --username NAME        MQTT_USERNAME
  --password-file FILE   the password of the broker; or MQTT_PASSWORD
  --qos 0|1              default 0
  --database-url URL     DATABASE_URL
  --url URL              host to verify against, default http://127.0.0.1:PORT (PORT or 3000); /ws is added
  --yes                  the database may hold other matches: do not ask for its name
  --clean                take fixtures, journal and announcements of this replay away afterwards
  --clean-run RUN        publish nothing: take away what that replay left behind

Its matches are made up, and a host that takes the feed shows them to its clients. Where the database holds matches that are
of no replay, its name must be typed, or --yes given. An argument is visible to everybody on the machine: an address with a
password in it belongs into MQTT_URL or DATABASE_URL.

Examples:
  livescore replay examples/data/worldcup-2022.json --verify --clean
  livescore replay cup.json --only Final --speed 60

It needs INSERT, SELECT and DELETE on ts_matches and the tables of the package.
Exit code: 0 right, 1 something is wrong, 2 the replay could not be done.`;

const OPTIONS = {
  speed: { type: 'string' },
  rate: { type: 'string' },
  'matches-at-once': { type: 'string' },
  only: { type: 'string' },
  chaos: { type: 'boolean' },
  seed: { type: 'string' },
  predictions: { type: 'boolean' },
  verify: { type: 'boolean' },
  'json-frames': { type: 'string' },
  'mqtt-url': { type: 'string' },
  topic: { type: 'string' },
  username: { type: 'string' },
  password: { type: 'string' },
  'password-file': { type: 'string' },
  qos: { type: 'string' },
  'database-url': { type: 'string' },
  url: { type: 'string' },
  yes: { type: 'boolean' },
  clean: { type: 'boolean' },
  'clean-run': { type: 'string' },
} as const;

export interface ReplayArguments {
  readonly file: string;
  /** the database may hold other matches */
  readonly yes: boolean;
  /** what the replay left is taken away afterwards */
  readonly clean: boolean;
  readonly only: string | undefined;
  readonly jsonFrames: string | undefined;
  readonly options: Omit<ReplayOptions, 'tournament'>;
}

/** What an earlier replay left behind is to be taken away. */
export interface CleanArguments {
  readonly cleanRun: string;
  readonly databaseUrl: string;
}

/** null: `--clean-run` is not there. @throws UsageError */
export function readCleanArguments(argv: readonly string[], env: Environment): CleanArguments | null {
  const { values, positionals } = readArguments('replay', argv, OPTIONS);
  const run = values['clean-run'];
  if (run === undefined) return null;
  if (positionals.length > 0) throw new UsageError('--clean-run takes no FILE beside it', 'replay');
  return { cleanRun: readRun(run), databaseUrl: databaseOf(values['database-url'], env) };
}

/** @throws UsageError */
export function readReplayArguments(argv: readonly string[], env: Environment): ReplayArguments {
  const { values, positionals } = readArguments('replay', argv, OPTIONS);
  if (values.password !== undefined) throw new UsageError(VISIBLE_PASSWORD);
  const databaseUrl = databaseOf(values['database-url'], env);
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError('give one tournament file: livescore replay FILE');
  return {
    file,
    yes: values.yes ?? false,
    clean: values.clean ?? false,
    only: values.only,
    jsonFrames: values['json-frames'],
    options: { ...brokerOptions(values, env), databaseUrl, ...runOptions(values, env) },
  };
}

type Given = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];
type BrokerOption = 'mqttUrl' | 'topic' | 'username' | 'password' | 'qos';

function brokerOptions(values: Given, env: Environment): Pick<ReplayOptions, BrokerOption> {
  return {
    mqttUrl: addressOf('mqtt-url', 'MQTT broker', values['mqtt-url']) ?? given(env.MQTT_URL) ?? 'mqtt://127.0.0.1:1883',
    topic: given(values.topic) ?? given(env.MQTT_TOPIC) ?? REPLAY_DEFAULTS.topic,
    username: given(values.username) ?? given(env.MQTT_USERNAME),
    password: passwordIn(values['password-file']) ?? given(env.MQTT_PASSWORD),
    qos: readQos(values.qos),
  };
}

function runOptions(values: Given, env: Environment): Omit<ReplayOptions, BrokerOption | 'databaseUrl' | 'tournament'> {
  return {
    wsUrl: webSocketUrl(hostUrl(addressOf('url', 'host', values.url), env)),
    speed: readSpeed(values.speed),
    rate: readNumber('rate', values.rate ?? String(REPLAY_DEFAULTS.rate), 1, 1_000_000),
    matchesAtOnce: readInteger('matches-at-once', values['matches-at-once'] ?? '8', 1, 10_000),
    seed: readInteger('seed', values.seed ?? String(REPLAY_DEFAULTS.seed), -(2 ** 31), 2 ** 31 - 1),
    chaos: values.chaos ?? false,
    predictions: values.predictions ?? false,
    verify: values.verify ?? false,
  };
}

function databaseOf(text: string | undefined, env: Environment): string {
  const url = addressOf('database-url', 'database', text) ?? given(env.DATABASE_URL);
  if (url !== undefined) return url;
  throw new UsageError('no database: set DATABASE_URL or give --database-url');
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

const VISIBLE_PASSWORD =
  '--password shows the password to everybody on the machine: set MQTT_PASSWORD, or name a file in --password-file';

/** @throws UsageError when the address has a password in it, or cannot be read: then it may have one */
function addressOf(option: string, service: Service, text: string | undefined): string | undefined {
  if (given(text) === undefined) return undefined;
  const url = isAddress(service, text as string) ? new URL(text as string) : null;
  if (url && url.password === '' && !url.searchParams.has('password')) return text;
  const why = url ? 'shows its password to everybody on the machine: set it in the environment' : 'is no such address';
  throw new UsageError(`--${option} ${why}`, 'replay');
}

/** @throws CommandError when the file cannot be read */
function passwordIn(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new CommandError('LIVESCORE_CLI_INPUT', `cannot read ${path}: ${reasonOf(cause)}`, {}, { cause });
  }
}

function readRun(text: string): string {
  if (/^[0-9a-z]{9}$/.test(text)) return text;
  throw new UsageError('--clean-run must be the name that a replay said at its start', 'replay');
}
