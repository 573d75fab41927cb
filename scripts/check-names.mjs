// Fails when README.md or a page of docs names, in backticks, a file or a class that is not in the tree. Plain words, SQL,
// JSON and the names of other people's things are not looked at; what looks like ours and is not is listed below.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const FOLDERS = ['src', 'migrations', 'examples', 'bench', 'tools', 'test', 'scripts'];
/** Of the platform, the provider, Nest, PostgreSQL, Node and other packages. */
const NOT_OURS = new Set([
  'AbortSignal',
  'CacheModule',
  'ClientMqtt',
  'DataSource',
  'EventEmitter',
  'EventEmitterModule',
  'IoAdapter',
  'JavaScript',
  'LiveMatchOrchestrator',
  'MatchWriteQueue',
  'MicroserviceOptions',
  'NestFactory',
  'ForbiddenException',
  'UnprocessableEntityException',
  'BaseWsExceptionFilter',
  'ServerMqtt',
  'TerminusModule',
  'TheSports',
  'TypeOrmModule',
  'WebSocket',
  'WsAdapter',
  'thesports/football/match/v1',
]);

const pages = [
  ...['README.md', 'CONTRIBUTING.md'],
  ...readdirSync('docs', { recursive: true }).map((name) => join('docs', name)),
].filter((page) => page.endsWith('.md'));
const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => join(entry.parentPath, entry.name)),
);
const sources = files.filter((file) => /\.(ts|mjs)$/.test(file)).map((file) => readFileSync(file, 'utf8'));
const words = new Set(sources.flatMap((text) => text.match(/\b[A-Za-z_]\w+\b/g) ?? []));
const fileNames = new Set(files.map((file) => basename(file).replace(/\.ts$/, '')));

const isThere = (path) => existsSync(path) || existsSync(`${path}.ts`);

/** @returns is the text, as it stands in backticks, the name of something that is gone? */
function isGone(text) {
  if (NOT_OURS.has(text)) return false;
  if (/^(src|migrations|examples|bench|tools|test|scripts|docs)\/[\w./-]+$/.test(text)) return !isThere(text);
  // `mqtt-ingest/message-intake`: below src, as a folder of it begins
  const [room] = text.split('/');
  if (/^[\w.-]+(\/[\w.-]+)+$/.test(text) && existsSync(join('src', room))) return !isThere(join('src', text));
  // a file of ours by its name alone
  if (/^[a-z]+(-[a-z]+)+(\.[a-z]+)*\.(ts|mjs)$/.test(text)) return !fileNames.has(text.replace(/\.ts$/, ''));
  // a class: two capitals at least
  const [, name] = /^([A-Z][a-z]+[A-Z]\w*)(\.\w+)?(\(.*\))?$/.exec(text) ?? [];
  return name !== undefined && !NOT_OURS.has(name) && !words.has(name);
}

const gone = pages.flatMap((page) =>
  readFileSync(page, 'utf8')
    .split('\n')
    .flatMap((line, n) =>
      [...line.matchAll(/`([^`]+)`/g)]
        .filter(([, text]) => isGone(text))
        .map(([, text]) => `${page}:${n + 1}: \`${text}\` is not in the tree`),
    ),
);
for (const line of gone) console.error(line);
if (gone.length > 0) process.exitCode = 1;
else console.log(`every name in ${pages.length} pages is in the tree`);
