import type { Incident } from '../../domain/match-update.js';
import type { Random } from '../../kernel/seeded-random.js';
import type { MatchFrame } from './match-frame.js';

/** How the parts of a message are laid out; the letters of the feed description: A, B, B nested, C, D, E, and pairs. */
export const EnvelopeShapes = [
  'tuple',
  'object',
  'nested-object',
  'object-without-id',
  'object-array',
  'numeric-keys',
  'combined',
  'pair',
] as const;
export type EnvelopeShape = (typeof EnvelopeShapes)[number];

/** The shapes that can carry these frames in one message. */
export function shapesFor(frames: readonly MatchFrame[]): readonly EnvelopeShape[] {
  const [frame, ...others] = frames;
  if (!frame || others.length > 0) return ['object-array', 'numeric-keys'];
  if (partsOf(frame).length > 1) return ['combined', 'object-array', 'numeric-keys'];
  if (!frame.score) return ['object', 'pair', 'object-array', 'numeric-keys', 'combined'];
  return ['tuple', 'object', 'object-array', 'numeric-keys', 'nested-object', 'combined', 'object-without-id'];
}

/** The JSON value of one message. `tupleLength` 6 adds the empty text that REST answers carry. */
export function envelope(frames: readonly MatchFrame[], shape: EnvelopeShape, tupleLength: 5 | 6): unknown {
  const [frame] = frames;
  if (!frame) return [];
  const tuple = scoreTuple(frame, tupleLength);
  switch (shape) {
    case 'tuple':
      return tuple;
    case 'object':
      return whole(frame, tupleLength);
    case 'nested-object':
      return { id: frame.matchId, score: [tuple] };
    case 'object-without-id':
      return { score: tuple };
    case 'pair':
      return pair(frame);
    case 'object-array':
      return frames.map((one) => whole(one, tupleLength));
    case 'numeric-keys':
      return Object.fromEntries(frames.flatMap((one) => partsOf(one, tupleLength)).map((part, key) => [key, part]));
    case 'combined':
      // Absent kinds are present as empty lists, which mean "nothing here".
      return { stats: [], incidents: [], tlive: [], ...whole(frame, tupleLength) };
    default:
      return shape satisfies never;
  }
}

function whole(frame: MatchFrame, tupleLength: 5 | 6): object {
  return Object.assign({}, ...partsOf(frame, tupleLength));
}

function partsOf(frame: MatchFrame, tupleLength: 5 | 6 = 5): object[] {
  const id = frame.matchId;
  return [
    ...(frame.score ? [{ id, score: scoreTuple(frame, tupleLength) }] : []),
    ...(frame.statistics ? [{ id, stats: frame.statistics }] : []),
    ...(frame.incidents ? [{ id, incidents: frame.incidents }] : []),
    ...(frame.commentary ? [{ id, tlive: frame.commentary }] : []),
  ];
}

function scoreTuple({ matchId, score }: MatchFrame, length: 5 | 6): unknown {
  if (!score) return undefined;
  const tuple = [matchId, score.status, score.home, score.away, score.kickoffS];
  return length === 6 ? [...tuple, ''] : tuple;
}

const INCIDENT_SLOTS = [
  'type',
  'position',
  'time',
  'player_id',
  'player_name',
  'assist1_id',
  'assist1_name',
  'assist2_id',
  'assist2_name',
  'in_player_id',
  'in_player_name',
  'out_player_id',
  'out_player_name',
  'home_score',
  'away_score',
  'var_reason',
  'var_result',
  'reason_type',
] as const satisfies readonly (keyof Incident)[];

function pair(frame: MatchFrame): unknown {
  if (frame.statistics) return [frame.matchId, frame.statistics.map(({ type, home, away }) => [type, home, away])];
  if (frame.commentary) return [frame.matchId, frame.commentary];
  const incidents = frame.incidents ?? [];
  return [frame.matchId, incidents.map((incident) => INCIDENT_SLOTS.map((slot) => incident[slot] ?? null))];
}

/** Gives every message a shape: each possible one in turn, or shuffled. */
export class EnvelopeRotation {
  private messages = 0;

  constructor(
    private readonly random: Random,
    private readonly order: 'in-turn' | 'shuffled',
  ) {}

  /** The JSON text of one message. */
  wrap(frames: readonly MatchFrame[]): string {
    return JSON.stringify(envelope(frames, this.shape(frames), this.messages % 2 === 0 ? 5 : 6));
  }

  private shape(frames: readonly MatchFrame[]): EnvelopeShape {
    const possible = shapesFor(frames);
    const turn = this.order === 'shuffled' ? this.random.integer(0, possible.length - 1) : this.messages;
    this.messages++;
    return possible[turn % possible.length] ?? 'object-array';
  }
}
