/** Longest text of an error in a log line, characters. */
const LONGEST = 500;

/** `scheme://user:password@host:port/…`: whatever stands in an address may be a secret. */
const ADDRESS = /\b([a-z][a-z\d+.-]*:\/\/)[^\s"'`<>)\]]+/gi;
/** `user:password@host`, without a scheme. */
const LOGIN = /[^\s"'`<>(=]+:[^\s"'`<>]+@[^\s"'`<>)]+/g;
/** Names of secrets, of users and of hosts, and what follows as their value: quoted, or up to the next space or comma. */
const NAMED =
  /\b(pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|authorization|auth|user(?:name)?|role|host(?:name)?|hostaddr|server|addr(?:ess)?|servername|altnames?)\b(\s*[:=]\s*|\s+(?:for\s+)?(?:is\s+|name\s+)?(?=["'`]))("[^"]*"|'[^']*'|`[^`]*`|[^\s,;}]+)/gi;
/** `Bearer …`, `Basic …`. */
const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi;
/** What Node says of a connection: `connect ECONNREFUSED 192.0.2.1:5432`, `getaddrinfo ENOTFOUND db.internal`. */
const OF_SYSTEM = /\b(E(?:[A-Z]{3,}|AI_[A-Z]+))\s+(?!\()[^\s,;]+(?:\s+-\s+Local\s+\([^)]*\))?/g;
const IPV4 = /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g;
const IPV6 = /(?<![\w:])\[?(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}\]?(?::\d+)?(?![\w:])/gi;
/** Names of the last part of a host that no schema, table or file has. */
const HOST =
  /\b[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:com|net|org|io|dev|app|cloud|internal|local|lan|intern|invalid|test|example|localdomain)\b(?::\d+)?/gi;
const LOCALHOST = /\blocalhost(?::\d+)?\b/gi;

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
  const thrownAt = /^\s+at (.+)$/m.exec(error.stack ?? '')?.[1];
  const words = withoutSecrets(`${error.name}: ${error.message || codeOf(error)}`);
  return thrownAt ? `${words} (at ${thrownAt})` : words;
}

/** The text without what an attacker could use, as far as drivers are known to say it. */
export function withoutSecrets(text: string): string {
  return text
    .slice(0, LONGEST)
    .replaceAll(ADDRESS, '$1[address]')
    .replaceAll(LOGIN, '[address]')
    .replaceAll(BEARER, '$1 [secret]')
    .replaceAll(NAMED, '$1$2[left out]')
    .replaceAll(OF_SYSTEM, '$1 [host]')
    .replaceAll(IPV4, '[host]')
    .replaceAll(IPV6, '[host]')
    .replaceAll(HOST, '[host]')
    .replaceAll(LOCALHOST, '[host]');
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
