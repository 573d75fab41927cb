import type { Child } from './child.js';
import type { CrowdCalls } from './crowd.js';

/** What clients of protocol 2 have: position by match. */
export type Positions = Record<string, string>;

interface Snapshot {
  readonly type?: string;
  readonly recovered?: boolean;
  readonly matches?: readonly { readonly matchId: string; readonly position: string }[];
}

/**
 * How clients of protocol 2 connect: they subscribe, and are there with the answer.
 * @param matches null: everything
 */
export function comingBack(
  port: number,
  count: number,
  since: Positions = {},
  matches: readonly string[] | null = null,
) {
  const selection = matches ? { matches } : { all: true };
  const hello = [JSON.stringify({ type: 'SUBSCRIBE', ...selection, since })];
  return { port, path: '/ws?protocol=2', hello, greetings: 2, count };
}

/** A single client learns where all matches are. */
export async function learnPositions(crowd: Child<CrowdCalls>, port: number): Promise<Positions> {
  await crowd.call('connect', { ...comingBack(port, 1), witnesses: 1 });
  const [text = '{}'] = await crowd.call('kept', {});
  await crowd.call('cut', {});
  return positionsIn(text);
}

/** What a snapshot shows. @throws Error when it is none, or not a continuation */
export function positionsIn(text: string): Positions {
  const { type, recovered, matches = [] } = JSON.parse(text) as Snapshot;
  if (type !== 'SNAPSHOT') throw new Error(`the answer to SUBSCRIBE was ${type}`);
  if (recovered !== true) throw new Error('the server could not continue from the positions that it gave');
  return Object.fromEntries(matches.map(({ matchId, position }) => [matchId, position]));
}
