import type { Announced } from './announcements.js';
import type { ExpectedMatch, WrongRow } from './wrong-rows.js';

/** What clients were told and should not have been, or were not told and should have been. */
export function wrongAnnouncements({ matchId, teams, goals }: ExpectedMatch, announced: Announced): WrongRow[] {
  const finding = (column: string, expected: unknown, actual: unknown): WrongRow[] =>
    expected === actual ? [] : [{ matchId, teams, column, expected, actual }];
  return [
    ...finding('goals announced', goals, announced.goals.size),
    ...finding('goals announced twice', 0, announced.duplicates),
    ...finding('goals cancelled', 0, announced.cancelled),
    ...finding('versions out of order', 0, announced.versionsFallen),
  ];
}
