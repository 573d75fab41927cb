import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { matchState, scoreCommitted, slots } from '../../test/support/committed-changes.js';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { CommittedChanges, type ScoreCommitted } from '../contracts/committed-changes.js';
import type { MatchRouter } from '../contracts/match-router.js';
import type { MatchState } from '../domain/match-state.js';
import type { MatchStates } from '../score-writer/ports/match-states.js';
import type { ScoreStore } from '../score-writer/ports/score-store.js';
import { FakeClock } from '../testing/fake-clock.js';
import { TrueRows } from './true-rows.js';

describe('the true row', () => {
  let time: VirtualTime;
  let rows: Map<string, MatchState>;
  let believed: Map<string, MatchState>;
  let legacy: Set<string>;
  let loads: number;
  let changes: CommittedChanges;
  let told: string[];
  let trueRows: TrueRows;

  beforeEach(() => {
    time = new VirtualTime();
    rows = new Map([['m', matchState({ matchId: 'm', version: 7, home: slots(2) })]]);
    believed = new Map();
    legacy = new Set();
    loads = 0;
    changes = new CommittedChanges();
    told = [];
    const load = async () => {
      loads++;
      return rows;
    };
    trueRows = new TrueRows(
      { load } as unknown as ScoreStore,
      { peek: (matchId: string) => believed.get(matchId) ?? null } as MatchStates,
      changes,
      new VirtualScheduler(time),
      new FakeClock(),
      { routeOf: (matchId: string) => (legacy.has(matchId) ? 'legacy' : 'direct') } as unknown as MatchRouter,
    );
    trueRows.onModuleInit();
    changes.batches$.subscribe((batch) => told.push(...(batch as ScoreCommitted[]).map(asText)));
  });
  afterEach(() => trueRows.onModuleDestroy());

  const asText = ({ matchId, version, after, events }: ScoreCommitted) =>
    `${time.nowMs} ${matchId}${version} ${after.shown.home}-${after.shown.away} ${events.map(({ type }) => type).join('+')}`;
  /** As the watch does it, twice a second. */
  const watch = async (untilMs: number) => {
    for (; time.nowMs <= untilMs; await time.advance(500)) await trueRows.tell();
  };
  const WORDS = 'm7 2-1 state-changed+score-changed';

  it('is told at once after a write that was held off, once more two seconds later, and then no more', async () => {
    trueRows.heldOff('m');
    await watch(10_000);
    expect([told, loads]).toEqual([[`0 ${WORDS}`, `2000 ${WORDS}`], 2]);
  });

  it('is told two seconds after a foreign write, not after one of ours, and its telling is no foreign write', async () => {
    changes.publish([scoreCommitted({ matchId: 'm' }, [], { source: 'mqtt' })]);
    await watch(5_000);
    expect(told.splice(0)).toHaveLength(1);
    const atMs = time.nowMs;
    changes.publish([scoreCommitted({ matchId: 'm' }, [], { source: 'foreign' })]);
    told.length = 0;
    await watch(atMs + 10_000);
    expect(told).toEqual([`${atMs + 2_000} ${WORDS}`]);
  });

  it('is told two seconds after the newest of several writes that were held off', async () => {
    trueRows.heldOff('m');
    await watch(1_000);
    trueRows.heldOff('m');
    await watch(10_000);
    expect(told.map((line) => line.split(' ')[0])).toEqual(['0', '1500', '3500']);
  });

  it.each([
    ['the row is torn', () => rows.set('m', matchState({ matchId: 'm', version: 7, home: slots(2), torn: true }))],
    ['the writer believes another version', () => believed.set('m', matchState({ matchId: 'm', version: 8 }))],
  ])('waits while it is about to change: %s', async (_what, unsettle) => {
    const settled = rows.get('m') as MatchState;
    unsettle();
    trueRows.heldOff('m');
    await watch(900);
    expect(told).toEqual([]);
    rows.set('m', settled);
    believed.set('m', settled);
    await watch(1_400);
    expect(told).toEqual([`1000 ${WORDS}`]);
  });

  it('is told when it is settled, and once more two seconds after it was held off', async () => {
    believed.set('m', matchState({ matchId: 'm', version: 8 }));
    trueRows.heldOff('m');
    await watch(0);
    believed.clear();
    await watch(10_000);
    expect(told).toEqual([`500 ${WORDS}`, `2000 ${WORDS}`]);
  });

  it('is given up when it never settles', async () => {
    rows.set('m', matchState({ matchId: 'm', version: 7, torn: true }));
    trueRows.heldOff('m');
    await watch(60_000);
    expect(told).toEqual([]);
    expect(loads).toBeLessThan(30);
  });

  it.each([
    ['there is none', () => rows.clear()],
    ['its match is on the legacy path', () => legacy.add('m')],
  ])('is not told when %s', async (_what, change) => {
    change();
    trueRows.heldOff('m');
    await watch(5_000);
    expect(told).toEqual([]);
  });

  it('is not asked for while nothing is due', async () => {
    await watch(5_000);
    expect(loads).toBe(0);
  });
});
