import { fieldsOf, isFields } from '../../kernel/fields.js';
import { jsonIn } from '../../kernel/json.js';

/** What the replay reads of a WebSocket frame; other fields and other types are of no interest here. */
export interface ClientFrame {
  readonly type: string;
  readonly matchId: string;
  readonly homeScore: number | null;
  readonly awayScore: number | null;
  /** `score_version` of the commit; null where a frame carries none */
  readonly version: number | null;
}

/** Reads a frame, plain or inside `{ data }`; null for anything that is not about a match. */
export function readClientFrame(text: string): ClientFrame | null {
  const outer = fieldsOf(jsonIn(text));
  const frame = isFields(outer.data) ? outer.data : outer;
  if (typeof frame.type !== 'string' || typeof frame.matchId !== 'string') return null;
  return {
    type: frame.type,
    matchId: frame.matchId,
    homeScore: asInteger(frame.homeScore),
    awayScore: asInteger(frame.awayScore),
    version: asInteger(frame.version),
  };
}

function asInteger(value: unknown): number | null {
  return Number.isInteger(value) ? (value as number) : null;
}
