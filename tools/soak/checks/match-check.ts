import { incidentKey } from '../../../src/domain/incident-list.js';
import { mergeStatistics } from '../../../src/domain/statistics-document.js';
import type { MatchRow } from '../../faults/parts/match-database.js';
import type { LiveMatch } from '../model/live-match.js';
import type { StoredDetails } from './stored-details.js';

/** What of one match is not in its row, and what is in it that should not be. */
export interface MatchCheck {
  /** messages, incidents and lines of commentary whose effect is nowhere */
  readonly lost: number;
  /** said twice, or never said */
  readonly surplus: number;
}

type Match = Pick<LiveMatch, 'told' | 'toldStatistics' | 'toldIncidents' | 'toldCommentary'>;

export function checkMatch(match: Match, row: MatchRow | undefined, details: StoredDetails | undefined): MatchCheck {
  const frames = Math.max(0, match.told.frames.length - (row?.home?.[4] ?? 0));
  const incidents = compare(match.toldIncidents.map(incidentKey), (details?.incidents ?? []).map(incidentKey));
  const commentary = compare(match.toldCommentary.map(lineOf), (details?.commentary ?? []).map(lineOf));
  const statistics = details?.statistics ?? {};
  const isCurrent = mergeStatistics(statistics, match.toldStatistics) === statistics;
  return {
    lost: frames + incidents.missing + commentary.missing + (isCurrent ? 0 : 1),
    surplus: incidents.surplus + commentary.surplus,
  };
}

function compare(expected: readonly string[], found: readonly string[]): { missing: number; surplus: number } {
  const [wanted, there] = [new Set(expected), new Set(found)];
  const missing = [...wanted].filter((one) => !there.has(one)).length;
  return { missing, surplus: found.length - (wanted.size - missing) };
}

function lineOf({ time, data }: { readonly time?: unknown; readonly data?: unknown }): string {
  return `${time} ${data}`;
}
