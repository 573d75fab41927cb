import type { Commentary } from '../domain/match-update.js';
import { providerText } from './provider-text.js';

const MAX_TEXT = 2_000;
const MAX_TIME = 50;

/** `{time?, data, position?}`; null without text. */
export function decodeCommentary(entry: unknown): Commentary | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const fields = entry as Record<string, unknown>;
  const data = providerText(fields.data, MAX_TEXT);
  if (data === undefined) return null;
  const time = providerText(typeof fields.time === 'number' ? String(fields.time) : fields.time, MAX_TIME);
  const position = fields.position;
  return {
    data,
    ...(time !== undefined && { time }),
    ...((position === 0 || position === 1 || position === 2) && { position }),
  };
}
