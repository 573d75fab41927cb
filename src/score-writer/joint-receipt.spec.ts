import { describe, expect, it } from '@jest/globals';
import { DetailsSink } from '../contracts/details-sink.js';
import type { Receipt } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { APPLIED, DEAD, DUPLICATE, FENCED, UNKNOWN_MATCH } from '../domain/outcomes.js';
import { JointReceipt } from './joint-receipt.js';

class RecordingSink extends DetailsSink {
  readonly submitted: [MatchUpdate, Receipt | undefined][] = [];
  override submit([update]: readonly MatchUpdate[], receipt?: Receipt): void {
    if (update) this.submitted.push([update, receipt]);
  }
}

const origin = {
  matchId: 'm',
  source: 'mqtt',
  delivery: 'push',
  receivedAtMs: 1,
  requestedAtMs: null,
  providerTimeS: null,
} as const;
const noGoals = [0, 0, 0, 0, 0, 0, 0] as const;
const score = { status: 2, home: noGoals, away: noGoals, periodKickoffS: null } as const;
const both: MatchUpdate = { ...origin, score, statistics: [] };
const scoreOnly: MatchUpdate = { ...origin, score };
const detailsOnly: MatchUpdate = { ...origin, incidents: [] };

function join() {
  const told: unknown[] = [];
  const sink = new RecordingSink();
  const receipt: Receipt = {
    awaitsCommit: true,
    waited: true,
    concluded: (update, { kind, reason }) => told.push([update, `${kind}/${reason}`]),
    replayed: (update, { kind, reason }) => told.push([update, `replayed ${kind}/${reason}`]),
  };
  return { told, sink, joint: new JointReceipt(receipt, sink) };
}

describe('JointReceipt', () => {
  it('tells the fate of the score when both parts are done, whichever comes first', () => {
    for (const order of ['scores', 'details'] as const) {
      const { told, joint } = join();
      const other = order === 'scores' ? 'details' : 'scores';
      const fates = { scores: DUPLICATE, details: APPLIED };
      joint[order].concluded(both, fates[order]);
      expect(told).toEqual([]);
      joint[other].concluded(both, fates[other]);
      expect(told).toEqual([[both, 'duplicate/nothing-differs']]);
    }
  });

  it('tells the fate of lost details, so that their sender keeps them', () => {
    for (const [lost, fate] of [
      [DEAD, 'dead/cannot-be-written'],
      [FENCED, 'stale/lease-lost'],
    ] as const) {
      const first = join();
      first.joint.details.concluded(both, lost);
      first.joint.scores.concluded(both, APPLIED);
      const second = join();
      second.joint.scores.concluded(both, APPLIED);
      second.joint.details.concluded(both, lost);
      expect([first.told, second.told]).toEqual([[[both, fate]], [[both, fate]]]);
    }
  });

  it('passes on what is about one part only', () => {
    const { told, joint } = join();
    joint.scores.concluded(scoreOnly, APPLIED);
    joint.details.concluded(detailsOnly, UNKNOWN_MATCH);
    joint.scores.replayed?.(scoreOnly, APPLIED);
    expect(told).toEqual([
      [scoreOnly, 'applied/changed'],
      [detailsOnly, 'parked/no-row'],
      [scoreOnly, 'replayed applied/changed'],
    ]);
    expect(joint.scores).toMatchObject({ awaitsCommit: true, waited: true });
    expect(joint.details).toMatchObject({ awaitsCommit: true, waited: true });
  });

  it('a replayed score brings its details along', () => {
    const { told, sink, joint } = join();
    joint.scores.replayed?.(both, APPLIED);
    const [submitted, receipt] = sink.submitted[0] ?? [];
    expect([submitted, receipt?.waited, told]).toEqual([both, true, []]);
    receipt?.concluded(both, APPLIED);
    expect(told).toEqual([[both, 'replayed applied/changed']]);
  });
});
