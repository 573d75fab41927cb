import type { ClientFrame } from './client-frame.js';
import type { ExpectedMatch, WrongRow } from './wrong-rows.js';

/** What a client was told about one match. */
interface Announced {
  /** scores of the goals announced and not cancelled, as `2-1` */
  readonly goals: Set<string>;
  cancelled: number;
  /** GOAL frames for a score that had been announced and not cancelled */
  duplicates: number;
  /** frames whose version was below that of an earlier frame */
  versionsFallen: number;
  newestVersion: number;
  /** frames heard that carry a version */
  readonly heard: Set<string>;
}

/**
 * Keeps the books on GOAL and GOAL_CANCELLED frames: every goal is to be announced exactly once. A host that starts
 * again repeats what it told last, with the same versions: such a repeat counts for nothing.
 */
export class Announcements {
  private readonly matches = new Map<string, Announced>();

  note(frame: ClientFrame): void {
    const match = this.of(frame.matchId);
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
    let match = this.matches.get(matchId);
    if (!match) {
      match = { goals: new Set(), cancelled: 0, duplicates: 0, versionsFallen: 0, newestVersion: 0, heard: new Set() };
      this.matches.set(matchId, match);
    }
    return match;
  }

  private noteGoal(match: Announced, score: string): void {
    if (match.goals.has(score)) match.duplicates++;
    match.goals.add(score);
  }

  /** The scores above the one that stands again may be announced once more. */
  private noteCancelled(match: Announced, { homeScore, awayScore }: ClientFrame): void {
    match.cancelled++;
    for (const score of match.goals) {
      const [home = 0, away = 0] = score.split('-').map(Number);
      if (home > (homeScore ?? 0) || away > (awayScore ?? 0)) match.goals.delete(score);
    }
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
