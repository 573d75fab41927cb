import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { eventually } from '../../test/support/eventually.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { SystemClock } from '../shared/clock.js';
import { type Committed, CommittedChanges } from '../shared/committed-changes.js';
import { LiveScoreMetrics } from '../shared/livescore-metrics.js';
import { MatchDetailsWriter } from './match-details-writer.js';
import { type DetailsChange, DetailsStore, type SaveResult, type StoredDetails } from './ports/details-store.js';

const EMPTY: StoredDetails = { statistics: null, incidents: null, commentary: null, fingerprint: '0' };

/** Knows every match, remembers nothing; each call may be held up or answered otherwise. */
class ScriptedStore extends DetailsStore {
  readonly saves: DetailsChange[] = [];
  readonly answers: (SaveResult | Error)[] = [];
  readonly unknown = new Set<string>();
  loads = 0;
  gate: Promise<void> = Promise.resolve();

  override async load(matchId: string): Promise<StoredDetails | null> {
    this.loads++;
    await this.gate;
    return this.unknown.has(matchId) ? null : EMPTY;
  }

  override async save(change: DetailsChange): Promise<SaveResult> {
    this.saves.push(change);
    const answer = this.answers.shift() ?? { kind: 'saved', announced: change.announce };
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

function update(matchId: string, parts: Partial<MatchUpdate> = {}): MatchUpdate {
  return {
    matchId,
    source: 'mqtt',
    delivery: 'push',
    receivedAtMs: Date.now(),
    requestedAtMs: null,
    providerTimeS: null,
    ...parts,
  };
}

const corners = (home: number) => ({ statistics: [{ type: 2, home, away: 0 }] });
const savedCorners = (change?: DetailsChange) => change?.statistics?.corners;
const sqlError = (code: string) => Object.assign(new Error('refused'), { code });

describe('MatchDetailsWriter', () => {
  let store: ScriptedStore;
  let metrics: LiveScoreMetrics;
  let published: Committed[];
  let writer: MatchDetailsWriter;

  const outcomes = async () =>
    Object.fromEntries((await metrics.details.get()).values.map(({ labels, value }) => [labels.outcome, value]));
  const saved = (count: number) => eventually(() => store.saves.length >= count, { what: `${count} saves` });
  const hold = () => {
    let open = (): void => undefined;
    store.gate = new Promise((resolve) => {
      open = resolve;
    });
    return open;
  };

  beforeEach(() => {
    Logger.overrideLogger(false);
    store = new ScriptedStore();
    metrics = new LiveScoreMetrics();
    published = [];
    const committed = new CommittedChanges();
    committed.batches$.subscribe((batch) => published.push(...batch));
    writer = new MatchDetailsWriter(store, new SystemClock(), committed, metrics);
  });

  afterEach(async () => {
    await writer.beforeApplicationShutdown();
    Logger.overrideLogger(true);
  });

  it('writes at once when idle, and never for a score alone', async () => {
    writer.submit([update('a', { score: undefined })]);
    expect(store.loads).toBe(0);
    writer.submit([update('a', corners(1))]);
    expect(store.loads).toBe(1);
    await saved(1);
    expect(await outcomes()).toEqual({ written: 1 });
  });

  it('joins what comes for a match while a write is in flight', async () => {
    const open = hold();
    writer.submit([update('a', corners(1))]);
    const card = { type: 3, position: 1, time: 5 };
    writer.submit([
      update('b', corners(1)),
      update('b', { incidents: [card] }),
      update('b', { ...corners(2), commentary: [{ data: 'x' }] }),
      update('b', { incidents: [{ ...card, time: 4 }], commentary: [{ data: 'y' }] }),
    ]);
    open();
    await saved(2);
    expect(store.saves).toHaveLength(2);
    expect(store.saves[1]).toMatchObject({
      statistics: { corners: { home: 2, away: 0 } },
      incidents: [{ time: 4 }, { time: 5 }],
      commentary: [{ data: 'x' }, { data: 'y' }],
    });
  });

  it('publishes the incidents that were announced for the first time', async () => {
    const card = { type: 3, position: 1, time: 5 };
    writer.submit([update('a', { receivedAtMs: 7, incidents: [card, { ...card, type: 1 }] })]);
    await eventually(() => published.length > 0, { what: 'the announcement' });
    expect(published).toEqual([
      { kind: 'incidents', matchId: 'a', fresh: [card], receivedAtMs: 7, committedAtMs: expect.any(Number) },
    ]);
  });

  it('publishes nothing when another process was first', async () => {
    store.answers.push({ kind: 'saved', announced: [] });
    writer.submit([update('a', { incidents: [{ type: 3, position: 1, time: 5 }] })]);
    await saved(1);
    expect(published).toEqual([]);
  });

  it.each<[string, SaveResult | Error]>([
    ['a row that is locked', { kind: 'busy' }],
    ['a lost connection', new Error('Connection terminated')],
    ['a deadlock', sqlError('40P01')],
    ['a missing table', sqlError('42P01')],
  ])('tries again after %s, with what came in between on top', async (_what, answer) => {
    store.answers.push(answer);
    writer.submit([update('a', { ...corners(1), commentary: [{ data: 'x' }] })]);
    await saved(1);
    writer.submit([update('a', corners(3))]);
    await saved(2);
    expect(savedCorners(store.saves[1])).toEqual({ home: 3, away: 0 });
    expect(store.saves[1]?.commentary).toEqual([{ data: 'x' }]);
  });

  it('lets the other matches go first after a failure', async () => {
    const open = hold();
    store.answers.push(sqlError('57014'));
    writer.submit([update('a', corners(1)), update('b', corners(1))]);
    open();
    await saved(3);
    expect(store.saves.map(({ matchId }) => matchId)).toEqual(['a', 'b', 'a']);
  });

  it('gives up what can never be written and goes on', async () => {
    store.answers.push(sqlError('22P05'));
    writer.submit([update('a', corners(1)), update('b', corners(1))]);
    await saved(2);
    expect(store.saves.map(({ matchId }) => matchId)).toEqual(['a', 'b']);
    expect(await outcomes()).toEqual({ failed: 1, written: 1 });
  });

  it('gives up what waited for 15 minutes', async () => {
    store.answers.push({ kind: 'busy' });
    writer.submit([update('a', { ...corners(1), receivedAtMs: Date.now() - 16 * 60_000 })]);
    await saved(1);
    await eventually(async () => (await outcomes()).expired === 1, { what: 'the expiry' });
    expect(store.saves).toHaveLength(1);
  });

  it('drops and counts an unknown match', async () => {
    store.unknown.add('a');
    writer.submit([update('a', corners(1)), update('b', corners(1))]);
    await saved(1);
    expect(await outcomes()).toEqual({ unknown: 1, written: 1 });
  });

  it('drops an update that the provider dated before one already seen', async () => {
    const open = hold();
    writer.submit([update('z', corners(1))]);
    writer.submit([
      update('a', { ...corners(2), providerTimeS: 100 }),
      update('a', { ...corners(1), providerTimeS: 99 }),
      update('b', { ...corners(9), providerTimeS: 99 }),
    ]);
    open();
    await saved(3);
    expect(store.saves.map(savedCorners)).toEqual([1, 2, 9].map((home) => ({ home, away: 0 })));
    expect(await outcomes()).toMatchObject({ stale: 1 });
  });

  it('holds at most 5,000 matches and gives up the oldest', async () => {
    const open = hold();
    writer.submit([update('first', corners(1))]);
    writer.submit(Array.from({ length: 5_001 }, (_, i) => update(`m${i}`, corners(1))));
    expect(await outcomes()).toEqual({ overflow: 1 });
    open();
    await saved(5_001);
    expect(store.saves.map(({ matchId }) => matchId)).not.toContain('m0');
  });

  it('at shutdown writes what waits and takes nothing more', async () => {
    store.answers.push({ kind: 'busy' }, { kind: 'busy' });
    writer.submit([update('a', corners(1))]);
    await saved(1);
    writer.submit([update('b', corners(1))]);
    await writer.beforeApplicationShutdown();
    expect(store.saves.map(({ matchId }) => matchId)).toEqual(['a', 'a', 'b']);
    writer.submit([update('c', corners(1))]);
    await writer.beforeApplicationShutdown();
    expect(store.saves).toHaveLength(3);
  });

  it('at shutdown waits for the write in flight', async () => {
    const open = hold();
    writer.submit([update('a', corners(1))]);
    const stopped = writer.beforeApplicationShutdown();
    open();
    await stopped;
    expect(store.saves).toHaveLength(1);
  });
});
