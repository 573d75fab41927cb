import { Injectable } from '@nestjs/common';
import { CommittedChanges } from '../contracts/committed-changes.js';
import { deriveForeignEvents } from '../domain/derive-events.js';
import type { MatchState } from '../domain/match-state.js';
import { Clock } from '../kernel/clock.js';
import { ForeignChanges } from './ports/foreign-changes.js';

const MAX_REMEMBERED = 2_000;

/** Publishes {@link ForeignChanges} among the committed ones, and remembers which version it told. */
@Injectable()
export class ForeignChangePublisher extends ForeignChanges {
  /** newest version told, per match: the oldest gives way */
  private readonly told = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly changes: CommittedChanges,
  ) {
    super();
  }

  override publish(before: MatchState, after: MatchState): void {
    const nowMs = this.clock.nowMs();
    const { matchId, epoch, version } = after;
    this.remember(matchId, version);
    this.changes.publish([
      {
        kind: 'score',
        matchId,
        epoch,
        version,
        source: 'foreign',
        before,
        after,
        events: deriveForeignEvents(before, after),
        catchUp: false,
        receivedAtMs: nowMs,
        committedAtMs: nowMs,
      },
    ]);
  }

  override knows({ matchId, version }: MatchState): boolean {
    return this.told.get(matchId) === version;
  }

  private remember(matchId: string, version: number): void {
    this.told.delete(matchId);
    this.told.set(matchId, version);
    if (this.told.size <= MAX_REMEMBERED) return;
    const [oldest] = this.told.keys();
    if (oldest !== undefined) this.told.delete(oldest);
  }
}
