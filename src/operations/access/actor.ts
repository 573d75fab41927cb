import { printable } from '../../kernel/printable.js';
import type { PageRequest } from '../http/page-request.js';

const LONGEST = 100;
/** In the order in which a name is looked for. */
const NAMES = ['email', 'name', 'username', 'sub', 'id'] as const;

/** Who acts, as the host's guard says in `request.user`; null when it names nobody. */
export function actorOf({ user }: PageRequest): string | null {
  if (typeof user === 'string') return nameIn(user);
  if (typeof user !== 'object' || user === null) return null;
  const fields = user as Readonly<Record<string, unknown>>;
  for (const name of NAMES) {
    const value = fields[name];
    const found = typeof value === 'string' || typeof value === 'number' ? nameIn(String(value)) : null;
    if (found !== null) return found;
  }
  return null;
}

function nameIn(text: string): string | null {
  const name = printable(text).trim().slice(0, LONGEST);
  return name === '' ? null : name;
}
