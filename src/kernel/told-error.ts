import { tlsFailure } from './tls-failure.js';

/** Longest text of an error in a log line, characters. */
const LONGEST = 500;
/** Longest text that is looked through. */
const LONGEST_READ = 4 * LONGEST;

/** `scheme://user:password@host:port/…`: whatever stands in an address may be a secret. Files of ours are none. */
const ADDRESS = /\b(?!file:)([a-z][a-z\d+.-]*:\/\/)(?:\S{0,256}@)?[^\s"'`<>)\]]+/gi;
/** `user:password@host`, without a scheme. No path has its `@` behind a colon. */
const LOGIN = /[^\s"'`<>(=/:]{1,256}:(?![\\/])[^\s"'`<>]{1,1024}@[^\s"'`<>)]+/g;
/** Names of secrets, whatever stands before: `db_password`, `clientSecret`, `PGPASSWORD`. */
const SECRETS =
  '[\\w-]{0,64}(?:pass(?:word|wd|phrase)|pwd|secret|token|api[_-]?key|(?:access|private|secret)[_-]?key(?:[_-]?id)?)';
/** Names of users and hosts, which other words end with, too. */
const OTHERS =
  '(?:[a-z\\d]{1,40}[_-]){0,4}(?:pg)?(?:pass|authorization|auth|user(?:name)?|role|host(?:name)?|hostaddr|server|addr(?:ess)?|servername|altnames?)';
const SAID = '(?:\\\\*["\'`])?\\s*[:=]\\s*|\\s+(?:for\\s+)?(?:is\\s+|name\\s+)?(?=["\'`])';
const VALUE =
  '"(?:[^"\\\\]|\\\\.)*"|\'(?:[^\'\\\\]|\\\\.)*\'|`[^`]*`|\\\\+"[^"\\\\]*\\\\+"|(?:(?:host|ip|dns)\\s*:\\s*)?[^\\s,;}]+';
/** Such a name, and what follows as its value: quoted, or up to the next space or comma. */
const NAMED = new RegExp(`(?<![a-z])(${SECRETS}|${OTHERS})\\b(${SAID})(?:${VALUE})`, 'gi');
/** `Bearer …`, `Basic …`. */
const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi;
/** What Node says of a connection: `connect ECONNREFUSED 192.0.2.1:5432`, `getaddrinfo ENOTFOUND db.internal`. */
const OF_SYSTEM =
  /\b(ECONN\w+|ENOTFOUND|EAI_\w+|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EADDR\w+|EPIPE)\s+(?!\(|after\b|while\b)[^\s,;]+(?:\s+-\s+Local\s+\([^)]*\))?/g;
/** A name in a certificate. */
const OF_CERTIFICATE = /\bDNS:[^\s,;]+/g;
const IPV4 = /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g;
/** Two colons, a letter or eight groups tell it from a time of day. */
const IPV6 =
  /(?<![\w:])\[?(?=[\da-f:]{0,45}(?:::|[a-f])|(?:[\da-f]{1,4}:){7})(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}\]?(?::\d+)?(?![\w:])/gi;
/** Names of the last part of a host that no schema, table or file has; those that one may have behind a further dot. */
const HOST =
  /\b[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:(?:com|net|org|io|dev|app|cloud|internal|lan|intern|invalid|localdomain)(?:\.[a-z]{2})?|[a-z\d-]+\.(?:local|test|example|tr))\b(?::\d+)?/gi;
/** Any other name with a port behind it; a file has a line there, and mostly a column. */
const HOST_AND_PORT = /\b(?:[a-z\d-]+\.){1,8}(?!(?:[cm]?[jt]sx?|json|sql)\b)[a-z]{2,24}:\d{2,5}\b(?!:)/gi;
const LOCALHOST = /\blocalhost(?::\d+)?\b/gi;

/** A frame of a stack: it ends with line and column, or tells that it has none. */
const FRAME = /^\s+at (.*(?::\d+:\d+|<anonymous>|native)\)?)$/gm;

/** Names of fields that carry the words of an error. */
const WORDS_OF_ERRORS = new Set(['error', 'reason', 'text', 'cause', 'message', 'detail']);

/** Is it a field of a log line that tells what went wrong, in somebody else's words? */
export function tellsError(field: string): boolean {
  return WORDS_OF_ERRORS.has(field);
}

/**
 * Tells an error in one text for a log: its class, its words without addresses, hosts, users and secrets, and where it was thrown.
 * Drivers put all of these into their words. Values that are no errors are left alone, texts lose the same.
 */
export function toldError(error: unknown): unknown {
  if (typeof error === 'string') return withoutSecrets(error);
  if (!(error instanceof Error)) return error;
  const tls = tlsFailure(error);
  if (tls) return `${error.name}: ${tls}`;
  const [thrownAt] = framesOf(error, 1);
  const words = withoutSecrets(`${error.name}: ${error.message || codeOf(error)}`);
  return thrownAt ? `${words} (at ${thrownAt})` : words;
}

/** The first frames of the stack, behind the words, which may have lines like frames. */
export function framesOf({ stack, message }: Error, most: number): readonly string[] {
  const text = String(stack ?? '');
  const from = text.indexOf(message);
  const frames = (from < 0 ? text : text.slice(from + message.length)).matchAll(FRAME);
  return [...frames].slice(0, most).map(([, frame = '']) => withoutSecrets(frame));
}

/** The text without what an attacker could use, as far as drivers are known to say it. */
export function withoutSecrets(text: string): string {
  return beginningOf(text)
    .replaceAll(ADDRESS, '$1[address]')
    .replaceAll(LOGIN, '[address]')
    .replaceAll(BEARER, '$1 [secret]')
    .replaceAll(NAMED, '$1$2[left out]')
    .replaceAll(OF_SYSTEM, '$1 [host]')
    .replaceAll(OF_CERTIFICATE, 'DNS:[host]')
    .replaceAll(IPV4, '[host]')
    .replaceAll(IPV6, '[host]')
    .replaceAll(HOST, '[host]')
    .replaceAll(HOST_AND_PORT, '[host]')
    .replaceAll(LOCALHOST, '[host]')
    .slice(0, LONGEST);
}

/** A login that is cut short of its host is not known as one: the word that is cut goes. */
function beginningOf(text: string): string {
  return text.length <= LONGEST_READ ? text : text.slice(0, text.slice(0, LONGEST_READ).search(/\S*$/));
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
