import { describe, expect, it } from '@jest/globals';
import { toUpdate } from '../../../test/support/history.js';
import { UpdateSink } from '../../contracts/update-sink.js';
import type { MatchUpdate } from '../../domain/match-update.js';
import { APPLIED } from '../../domain/outcomes.js';
import { HeldUpdates } from './held-updates.js';

class NoSink extends UpdateSink {
  override submit(): void {}
}

const AT_S = 1_768_669_000;
const direct = new NoSink();
const secondHalf = (n: number): MatchUpdate => toUpdate({ atS: AT_S + n, status: 4, kickoffS: AT_S - 600 });
const firstHalf = toUpdate({ atS: AT_S - 5, status: 2, kickoffS: AT_S - 4_500 });

describe('HeldUpdates', () => {
  it('holds a hundred, and lets the oldest give way to the next score, which knows what that one knew', () => {
    const held = new HeldUpdates();
    expect(held.add({ update: firstHalf, receipt: undefined, direct })).toBeNull();
    for (let n = 1; n < 100; n++) expect(held.add({ update: secondHalf(n), receipt: undefined, direct })).toBeNull();
    for (const n of [100, 101]) {
      expect(held.add({ update: secondHalf(n), receipt: undefined, direct })).toMatchObject({ update: { score: {} } });
    }
    expect(held.all()).toHaveLength(100);
    const [oldest, next] = held.all().map(({ update }) => update.carried?.kickoffs);
    expect([oldest, next]).toEqual([{ firstHalfS: AT_S - 4_500, secondHalfS: AT_S - 600 }, undefined]);
  });

  it('keeps what the sender keeps too, and tells of what was submitted', () => {
    const held = new HeldUpdates();
    const concluded: MatchUpdate[] = [];
    const receipt = (awaitsCommit: boolean) => ({
      awaitsCommit,
      concluded: (update: MatchUpdate) => void concluded.push(update),
    });
    const kept = secondHalf(0);
    held.add({ update: firstHalf, receipt: receipt(false), direct });
    held.add({ update: kept, receipt: receipt(true), direct });
    for (let n = 2; n <= 100; n++) held.add({ update: secondHalf(n), receipt: undefined, direct });
    const [first] = held.all();
    expect(first?.update.carried?.kickoffs).toEqual({ firstHalfS: AT_S - 4_500 });
    first?.receipt?.concluded(first.update, APPLIED);
    expect(concluded).toEqual([kept]);
  });
});
