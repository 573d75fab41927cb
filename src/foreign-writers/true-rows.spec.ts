import { expect, it } from '@jest/globals';
import { CommittedChanges } from '../contracts/committed-changes.js';
import type { MatchState } from '../domain/match-state.js';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { MatchStates } from '../score-writer/ports/match-states.js';
import { FakeClock } from '../testing/fake-clock.js';
import { emptyRow } from '../testing/in-memory-score-row.js';
import { InMemoryScoreStore } from '../testing/in-memory-score-store.js';
import { TrueRows } from './true-rows.js';

class Hand extends Scheduler {
  nowMs = 0;
  override monotonicMs(): number {
    return this.nowMs;
  }
  override after(): Cancel {
    return () => undefined;
  }
  override random(): number {
    return 0.5;
  }
  override every(): Cancel {
    return () => undefined;
  }
}

class Believed extends MatchStates {
  version = 0;
  override peek(matchId: string): MatchState {
    return { ...emptyRow(matchId), version: this.version };
  }
  override held(): readonly string[] {
    return [];
  }
  override async release(): Promise<boolean> {
    return true;
  }
}

it('a row that is about to be written again is told afterwards, and once more two seconds after it was held off', async () => {
  const store = new InMemoryScoreStore();
  store.insert('m');
  const believed = new Believed();
  const changes = new CommittedChanges();
  const hand = new Hand();
  const toldAtMs: number[] = [];
  changes.batches$.subscribe(() => toldAtMs.push(hand.nowMs));
  const rows = new TrueRows(store, believed, changes, hand, new FakeClock(0));
  // the row is not what is believed of it
  believed.version = 1;
  rows.heldOff('m');
  await rows.tell();
  believed.version = 0;
  for (hand.nowMs = 500; hand.nowMs <= 4_000; hand.nowMs += 500) await rows.tell();
  expect(toldAtMs).toEqual([500, 2_000]);
});
