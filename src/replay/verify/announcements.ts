import type { ClientFrame } from './client-frame.js';
import type { ExpectedMatch, WrongRow } from './wrong-rows.js';

interface MatchAnnouncements {
  /** goals announced and not cancelled, each by the score it made */
  readonly standing: Set<string>;
  /** frames heard that carry a version */
  readonly heard: Set<string>;
  cancelled: number;
  duplicates: number;
  newestVersion: number;
  versionsFallen: number;
}

/** What a client was told about one match. */
export interface Announced {
  /** scores of the goals announced and not cancelled, as `2-1` */
  readonly goals: ReadonlySet<string>;
  readonly cancelled: number;
  /** GOAL frames for a score that had been announced and not cancelled */
  readonly duplicates: number;
  /** frames whose version was below that of an earlier frame */
  readonly versionsFallen: number;
}

/**
 * Keeps the books on GOAL and GOAL_CANCELLED frames: every goal is to be announced exactly once. A host that starts
 * again repeats what it told last, with the same versions: such a repeat counts for nothing.
 */
export class Announcements {
  private readonly matches = new Map<string, MatchAnnouncements>();

  note(frame: ClientFrame): void {
    const match = this.open(frame.matchId);
    if (frame.version !== null) {
      const name = `${frame.version} ${frame.type} ${frame.homeScore}-${frame.awayScore}`;
      if (match.heard.has(name)) return;
      match.heard.add(name);
      if (frame.version < match.newestVersion) match.versionsFallen++;
      match.newestVersion = Math.max(match.newestVersion, frame.version);
    }
    if (frame.type === 'GOAL') this.noteGoal(match, `${frame.homeScore}-${frame.awayScore}`);
    if (frame.type === 'GOAL_CANCELLED') this.noteCancelled(match, frame);
  }

  of(matchId: string): Announced {
    const match = this.open(matchId);
    return { ...match, goals: match.standing };
  }

  private noteGoal(match: MatchAnnouncements, score: string): void {
    if (match.standing.has(score)) match.duplicates++;
    match.standing.add(score);
  }

  /** The scores above the one that stands again may be announced once more. */
  private noteCancelled(match: MatchAnnouncements, { homeScore, awayScore }: ClientFrame): void {
    match.cancelled++;
    for (const score of match.standing) {
      const [home = 0, away = 0] = score.split('-').map(Number);
      if (home > (homeScore ?? 0) || away > (awayScore ?? 0)) match.standing.delete(score);
    }
  }

  private open(matchId: string): MatchAnnouncements {
    const known = this.matches.get(matchId);
    if (known) return known;
    const match = {
      standing: new Set<string>(),
      heard: new Set<string>(),
      cancelled: 0,
      duplicates: 0,
      newestVersion: 0,
      versionsFallen: 0,
    };
    this.matches.set(matchId, match);
    return match;
  }
}

/**
 * What clients were told and should not have been, or were not told and should have been.
 * @param untold goals that commits of more than five left untold
 */
export function wrongAnnouncements(
  { matchId, teams, goals }: ExpectedMatch,
  announced: Announced,
  untold: number,
): WrongRow[] {
  const finding = (column: string, expected: unknown, actual: unknown): WrongRow[] =>
    expected === actual ? [] : [{ matchId, teams, column, expected, actual }];
  return [
    ...finding('goals announced', goals - untold, announced.goals.size),
    ...finding('goals announced twice', 0, announced.duplicates),
    ...finding('goals cancelled', 0, announced.cancelled),
    ...finding('versions out of order', 0, announced.versionsFallen),
  ];
}
