import { MatchTimes } from '../../contracts/match-times.js';
import type { MatchFormat } from '../../domain/match-format.js';
import { type ClockPeriod, clockPeriodOf, type MatchClock } from '../../domain/match-minute.js';
import type { JournaledChange } from '../../reannounce/ports/recent-changes.js';
import { addedMinutesOf } from '../added-minutes.js';

/**
 * The times of a match as they were read with one version of it. What the host itself knows of formats, by its options, counts
 * where the database says nothing.
 */
export class JournalTimes extends MatchTimes {
  constructor(
    private readonly change: JournaledChange,
    private readonly host: MatchTimes,
  ) {
    super();
  }

  override formatOf(matchId: string): MatchFormat {
    return this.change.times?.format ?? this.host.formatOf(matchId);
  }

  override addedMinutesOf(matchId: string, period: ClockPeriod): number | null {
    const { after, times } = this.change;
    if (!times || clockPeriodOf(after.status) !== period) return null;
    return addedMinutesOf(after.status, this.formatOf(matchId), times.announcements);
  }

  override isFormatDisputed(matchId: string): boolean {
    return this.host.isFormatDisputed(matchId);
  }

  override lastClockOf(): MatchClock | null {
    return null;
  }
}
