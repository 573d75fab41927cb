import type { ChangeFrame } from '../../ports/match-frames.js';
import { comparePositions, type Position, readPosition } from '../../ports/position.js';

/** What one channel of Centrifugo is to be told of one match. */
export interface Publication {
  readonly channel: string;
  /** Does the channel belong to this match alone? Only there versions compare. */
  readonly ofMatch: boolean;
  readonly change: ChangeFrame;
}

/** One that waits gives way to a later one of the same key. */
export function keyOf({ channel, change }: Publication): string {
  return `${channel} ${change.matchId}`;
}

/**
 * The newer state of two, as a frame that continues where the earlier one would have: a reader sees that versions are left
 * out, and which. What is not newer is left out itself, unless it restates the same position.
 */
export function conflated(earlier: Publication, later: Publication): Publication {
  const order = comparePositions(positionOf(later), positionOf(earlier));
  if (order < 0) return earlier;
  const { change } = later;
  const { previous } = earlier.change;
  const isOne = order === 0 && !earlier.change.conflated;
  return { ...later, change: { ...change, previous, ...(!isOne && { conflated: true }) } };
}

/** The command `publish` of Centrifugo's API as JSON. */
export function publishCommand({ channel, ofMatch, change }: Publication): string {
  const { epoch, version } = positionOf({ change });
  const data = JSON.stringify(change);
  const key = change.restated ? `${change.position}/${change.timestamp}` : change.position;
  const fields = [
    `"channel":${JSON.stringify(channel)}`,
    `"data":${data}`,
    `"idempotency_key":${JSON.stringify(`${change.matchId}@${key}`)}`,
    // a restated frame has the version of the one before: with a version it would be taken for a repeat
    ...(ofMatch && !change.restated ? [`"version":${version}`, `"version_epoch":"${epoch}"`] : []),
  ];
  return `{"publish":{${fields.join(',')}}}`;
}

function positionOf({ change }: Pick<Publication, 'change'>): Position {
  return readPosition(change.position) ?? { epoch: 0, version: 0 };
}
