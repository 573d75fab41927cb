import { isLive, MatchStatus } from '../../../src/domain/match-status.js';
import { goalsOf, type Moment, sameGoals, saysTheSame, virtualMs } from './moment.js';
import { momentAt } from './publish.js';
import type { ProviderKind } from './truth-provider.js';
import type { PlayedMatch } from './truth-world.js';

/** Something that nobody could have known better, in the words of the guard's documentation. */
interface Excuse {
  readonly line: string;
  readonly holds: (played: PlayedMatch, provider: ProviderKind) => boolean;
}

const truthOf = ({ match }: PlayedMatch) => match.moments.at(-1) as Moment;

/** Nobody answers when the match is over. */
function isMute(played: PlayedMatch, provider: ProviderKind): boolean {
  return provider === 'none' || (provider === 'live-only' && !isLive(truthOf(played).status));
}

/** The feed said its last word no more than once. */
function saidOnce(played: PlayedMatch): boolean {
  return played.match.deliveries.filter(({ says }) => saysTheSame(says, truthOf(played))).length <= 1;
}

/** What is true in the end was true after the end before, and something else in between. */
function thereAndBack(played: PlayedMatch): boolean {
  const ended = played.match.moments.filter(({ status }) => status >= MatchStatus.Ended);
  return ended.slice(0, -2).some((moment) => sameGoals(moment, truthOf(played)));
}

/** The row was true, until it became what a stuck provider said: with a time of its own, or with more than was true. */
function stuckAnswerBelieved({ match, rows }: PlayedMatch, provider: ProviderKind): boolean {
  const { moments, lag } = match;
  const truth = moments.at(-1) as Moment;
  const [said, row] = [lag.stuck && momentAt(moments, lag.stuck.fromMs), rows.at(-1)];
  if (!said || !row || provider === 'none' || said.status !== row.status || !sameGoals(said, row)) return false;
  const wasTrue = rows.some((each) => each.atMs >= virtualMs(truth.atS) && saysTheSame(each, truth));
  const isAbove = goalsOf(said.home) > goalsOf(truth.home) || goalsOf(said.away) > goalsOf(truth.away);
  return wasTrue && (isAbove || provider === 'answers-with-p');
}

const EXCUSES: readonly Excuse[] = [
  {
    line: 'one single frame after the end and no provider: VAR against late copy',
    holds: (played, provider) => isMute(played, provider) && saidOnce(played),
  },
  {
    line: 'VAR there and back after the end is an echo: provider or operator only',
    holds: (played, provider) => isMute(played, provider) && thereAndBack(played),
  },
  { line: 'a wrong provider with fresh P or wrong higher counts is believed', holds: stuckAnswerBelieved },
];

/** Why the final row may be wrong; null when it may not. */
export function excuseOf(played: PlayedMatch, provider: ProviderKind): string | null {
  return EXCUSES.find(({ holds }) => holds(played, provider))?.line ?? null;
}
