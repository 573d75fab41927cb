import { Injectable } from '@nestjs/common';
import { leastHalfS, type MatchFormat, readMatchFormat, STANDARD_FORMAT } from '../domain/match-format.js';
import { ResolvedMinuteOptions } from './minute.options.js';
import type { FormatDispute, MinuteSetting } from './ports/minute-store.js';

/**
 * Which format a match has: by the table or the options, its own or that of its competition, else the standard one; and of
 * which matches it is in doubt.
 */
@Injectable()
export class MatchFormats {
  private byMatch: ReadonlyMap<string, MatchFormat> = new Map();
  private disputes = new Map<string, number>();
  private unknown: readonly string[] = [];
  /** matches whose format in the table is not known */
  private ofUnknown: ReadonlySet<string> = new Set();

  constructor(private readonly options: ResolvedMinuteOptions) {}

  /** Formats of the table that are not known. */
  get refused(): readonly string[] {
    return this.unknown;
  }

  /** Competitions that have a format by option. */
  get competitions(): readonly string[] {
    return [...this.options.formats.competitions.keys()];
  }

  of(matchId: string): MatchFormat {
    return this.byMatch.get(matchId) ?? this.options.formats.matches.get(matchId) ?? STANDARD_FORMAT;
  }

  isDisputed(matchId: string): boolean {
    const playedS = this.disputes.get(matchId);
    if (this.ofUnknown.has(matchId)) return true;
    return playedS !== undefined && playedS < leastHalfS(this.of(matchId));
  }

  /** Matches whose format is in doubt. */
  disputed(): readonly string[] {
    return [...new Set([...this.ofUnknown, ...this.disputes.keys()])].filter((matchId) => this.isDisputed(matchId));
  }

  dispute({ matchId, playedS }: FormatDispute): void {
    this.disputes.set(matchId, playedS);
  }

  /** What the tables say now. @param unstored disputes that are not in the table yet */
  adopt({ formats, matches, disputed }: MinuteSetting, unstored: readonly FormatDispute[]): void {
    const own = new Map<string, MatchFormat>();
    const ofCompetition = new Map(this.options.formats.competitions);
    const unknown: string[] = [];
    const unknownIds = { match: new Set<string>(), competition: new Set<string>() };
    for (const [scope, id, text] of formats) {
      const format = readMatchFormat(text);
      if (!format) {
        unknown.push(`${scope} ${id}: ${text}`);
        unknownIds[scope].add(id);
      } else (scope === 'match' ? own : ofCompetition).set(id, format);
    }
    const byMatch = new Map<string, MatchFormat>();
    for (const [matchId, competitionId] of matches) {
      const format = ofCompetition.get(competitionId);
      if (format) byMatch.set(matchId, format);
    }
    for (const [matchId, format] of [...this.options.formats.matches, ...own]) byMatch.set(matchId, format);
    const ofUnknown = matches.filter(([id, competition]) => unknownIds.competition.has(competition) && !own.has(id));
    this.ofUnknown = new Set([...unknownIds.match, ...ofUnknown.map(([id]) => id)]);
    this.byMatch = byMatch;
    this.unknown = unknown;
    this.disputes = new Map([...disputed, ...unstored.map(({ matchId, playedS }) => [matchId, playedS] as const)]);
  }
}
