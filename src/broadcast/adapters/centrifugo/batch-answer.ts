import { isFields } from '../../../kernel/fields.js';
import type { HttpReply } from './http-post.js';

/** What became of one command. `later`: it may get through when it is sent again. */
export type CommandFate =
  | { readonly kind: 'published' }
  | { readonly kind: 'later'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** "internal server error": the only code of Centrifugo that says nothing about the command. */
const INTERNAL_ERROR = 100;
/** HTTP statuses below 500 that another attempt may not get: too slow, too early, too many. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429]);

/** The fate of each command, in order: `{ replies: [{ publish: {} } | { error: { code, message } }] }`, or an HTTP status for all. */
export function fatesOf({ status, body }: HttpReply, commands: number): readonly CommandFate[] {
  const all = (fate: CommandFate) => Array.from({ length: commands }, () => fate);
  if (status >= 500 || PASSING_STATUSES.has(status)) return all({ kind: 'later', reason: `HTTP ${status}` });
  if (status !== 200) return all({ kind: 'refused', reason: `HTTP ${status}` });
  const answer = parsed(body);
  if (isFields(answer) && isFields(answer.error)) return all(fateOf(answer));
  const replies = isFields(answer) ? answer.replies : null;
  if (!Array.isArray(replies) || replies.length !== commands)
    return all({ kind: 'later', reason: 'an answer that is none of Centrifugo' });
  return replies.map(fateOf);
}

function fateOf(reply: unknown): CommandFate {
  if (!isFields(reply)) return { kind: 'later', reason: 'an answer that is none of Centrifugo' };
  if (reply.error === undefined || reply.error === null) return { kind: 'published' };
  const code = isFields(reply.error) ? Number(reply.error.code) : Number.NaN;
  return { kind: code === INTERNAL_ERROR ? 'later' : 'refused', reason: `error ${code}` };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
