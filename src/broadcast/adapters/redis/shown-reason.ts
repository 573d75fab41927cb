import { fieldsOf } from '../../../kernel/fields.js';
import { tlsFailure } from '../../../kernel/tls-failure.js';

/**
 * Why Redis cannot be used, in words that hold no secret: of an answer only its first word, since some servers repeat the
 * command that they refuse, and with it the password.
 */
export function shownReason(error: unknown): string {
  const tls = tlsFailure(error);
  if (tls) return tls;
  const { code, message } = fieldsOf(error);
  if (typeof code === 'string') return code;
  if (typeof message !== 'string') return 'unknown';
  const [answer] = /^[A-Z]{2,}\b/.exec(message) ?? [];
  return answer ?? message;
}
