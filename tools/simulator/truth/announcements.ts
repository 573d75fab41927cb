import type { MatchEvent, Side } from '../../../src/domain/match-event.js';

/** Goals and cancellations of one match that clients were told of. */
export class Announcements {
  private readonly counts = { goal: { home: 0, away: 0 }, 'goal-cancelled': { home: 0, away: 0 } };

  add(events: readonly MatchEvent[]): void {
    for (const event of events) {
      if (event.type === 'goal' || event.type === 'goal-cancelled') this.counts[event.type][event.side]++;
    }
  }

  count(type: 'goal' | 'goal-cancelled', side: Side): number {
    return this.counts[type][side];
  }
}
