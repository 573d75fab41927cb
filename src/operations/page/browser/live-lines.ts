import type { MatchView } from '../../../client/index.js';
import type { LiveMatch } from '../../facts.js';

/** One live match as the list shows it. */
export interface LiveLine {
  readonly matchId: string;
  readonly home: string;
  readonly away: string;
  readonly score: string;
  readonly minute: string;
  readonly hint: string;
}

/** In play: both halves, half-time, extra time, shoot-out. */
const LIVE = new Set([2, 3, 4, 5, 7]);
const UNKNOWN = '–';

type Followed = Pick<MatchView, 'matchId' | 'statusId' | 'homeScore' | 'awayScore' | 'position' | 'source'>;

/**
 * The live matches: as the sockets told them, with the names of the database; those that no socket tells, as the database
 * has them. The list keeps its order by name, so that nothing jumps while somebody reads.
 */
export function linesOf(
  followed: readonly Followed[],
  stored: readonly LiveMatch[],
  minuteOf: (matchId: string) => string | undefined,
): readonly LiveLine[] {
  const known = new Map(stored.map((match) => [match.matchId, match]));
  const told = new Set(followed.map(({ matchId }) => matchId));
  const lines = [
    ...followed
      .filter(({ statusId }) => LIVE.has(statusId))
      .map((view) => followedLine(view, known.get(view.matchId), minuteOf)),
    ...stored.filter(({ matchId }) => !told.has(matchId)).map(storedLine),
  ];
  return lines.sort((a, b) => compared(a.home, b.home) || compared(a.matchId, b.matchId));
}

function compared(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function followedLine(
  view: Followed,
  stored: LiveMatch | undefined,
  minuteOf: (matchId: string) => string | undefined,
): LiveLine {
  const { matchId, homeScore, awayScore, position, source, statusId } = view;
  return {
    matchId,
    home: stored?.home ?? matchId,
    away: stored?.away ?? UNKNOWN,
    score: `${homeScore}:${awayScore}`,
    minute: minuteOf(matchId) ?? UNKNOWN,
    hint: `${matchId}, status ${statusId}, version ${position}, from ${source}`,
  };
}

function storedLine({ matchId, home, away, score, minute, version, source, status }: LiveMatch): LiveLine {
  return {
    matchId,
    home: home ?? matchId,
    away: away ?? UNKNOWN,
    score: score.map((goals) => goals ?? UNKNOWN).join(':'),
    minute: minute === null ? UNKNOWN : `${minute}'`,
    hint: `${matchId}, status ${status}, version ${version}, from ${source ?? UNKNOWN}`,
  };
}
