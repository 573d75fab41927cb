import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualScheduler, VirtualTime } from '../../../test/support/virtual-scheduler.js';
import type { SyncOverview, SyncRow } from '../../sync/ports/sync-desk.js';
import { SyncDesk, type Wish, type WishMoment } from '../../sync/ports/sync-desk.js';
import { RunFollower } from './run-follower.js';
import { RunReport } from './run-report.js';
import type { RunWatch } from './run-watch.js';

const NEVER: Omit<SyncRow, 'entity' | 'nowMs'> = {
  runId: null,
  kind: null,
  runner: null,
  startedAtMs: null,
  heartbeatAtMs: null,
  page: 1,
  counts: { seen: 0, added: 0, changed: 0, refused: 0, deleted: 0 },
  verdict: null,
  error: null,
  finishedAtMs: null,
  completeAtMs: null,
  fullAtMs: null,
  watermark: null,
  wanted: null,
  wantedAtMs: null,
  wantedBy: null,
  diff: null,
  enabled: null,
};
const START_MS = 1_800_000_000_000;

/** Rows as a database would keep them, and what a host does to them at a time. */
class Rows extends SyncDesk {
  readonly byName = new Map<string, Omit<SyncRow, 'nowMs' | 'entity'>>();

  constructor(private readonly time: VirtualTime) {
    super();
  }

  get nowMs(): number {
    return START_MS + this.time.nowMs;
  }

  set(name: string, change: Partial<SyncRow>): void {
    this.byName.set(name, { ...(this.byName.get(name) ?? NEVER), ...change });
  }

  row(name: string): SyncRow {
    return { ...(this.byName.get(name) ?? NEVER), entity: name, nowMs: this.nowMs };
  }

  begins(name: string, runId = 'run-1'): void {
    const { wanted } = this.row(name);
    this.set(name, { runId, kind: wanted ?? 'incremental', startedAtMs: this.nowMs, heartbeatAtMs: this.nowMs });
    this.set(name, { wanted: null });
  }

  ends(name: string, verdict: SyncRow['verdict'], error: string | null = null): void {
    this.set(name, { runId: null, verdict, error, finishedAtMs: this.nowMs });
  }

  async overview(): Promise<SyncOverview> {
    return { mode: null, names: [...this.byName.keys()], entities: [], lists: [] };
  }

  async rows(names: readonly string[]): Promise<readonly SyncRow[]> {
    return names.map((name) => this.row(name));
  }

  async ask(name: string, { kind, by }: Wish, moment: WishMoment): Promise<number | null> {
    const { runId, wanted, wantedAtMs } = this.row(name);
    const isFree = runId === null && (wanted === null || (wantedAtMs ?? 0) < this.nowMs - 10_000);
    if (moment === 'between-runs' && !isFree) return null;
    this.set(name, { wanted: kind, wantedAtMs: this.nowMs, wantedBy: by });
    return this.nowMs;
  }

  async takeBack(name: string, wishedAtMs: number): Promise<boolean> {
    const { wanted, wantedAtMs } = this.row(name);
    if (wanted === null || wantedAtMs !== wishedAtMs) return false;
    this.set(name, { wanted: null, wantedAtMs: null });
    return true;
  }
}

let time: VirtualTime;
let rows: Rows;
let lines: string[];
let ended: readonly RunWatch[] | null;

function follow(names: readonly string[], timeoutMs = 3_600_000): void {
  const output = { stdout: (text: string) => lines.push(text), stderr: (text: string) => lines.push(text) };
  const wish: Wish = { kind: 'full', by: 'me', reason: null, acceptsDeletions: false };
  const following = { store: rows, scheduler: new VirtualScheduler(time), report: new RunReport(output, 'told'), wish };
  void new RunFollower({ ...following, timeoutMs }).follow(names).then((watches) => {
    ended = watches;
  });
}

const outcomes = () => ended?.map(({ now }) => (now.at === 'ended' ? now.run.verdict : now.at === 'unseen' && now.why));

beforeEach(() => {
  time = new VirtualTime();
  rows = new Rows(time);
  rows.set('team', { kind: 'incremental', verdict: 'failed', finishedAtMs: START_MS - 1 });
  rows.set('player', {});
  lines = [];
  ended = null;
});

describe('following a run', () => {
  it('asks, tells each change once, and ends with the verdict of that run', async () => {
    follow(['team']);
    await time.advance(900);
    expect(rows.row('team').wanted).toBe('full');
    rows.begins('team');
    await time.advance(2_000);
    rows.set('team', { page: 3, counts: { seen: 2_000, added: 5, changed: 6, refused: 1, deleted: 0 } });
    await time.advance(2_000);
    rows.ends('team', 'complete');
    await time.advance(500);
    expect(outcomes()).toEqual(['complete']);
    expect(lines).toEqual([
      'team: full, page 1, seen 0, added 0, changed 0, refused 0, deleted 0',
      'team: full, page 3, seen 2000, added 5, changed 6, refused 1, deleted 0',
      'team: full complete in 4 s, seen 2000, added 5, changed 6, refused 1, deleted 0',
    ]);
    expect(time.waiting).toBe(0);
  });

  it('sees a run that begins and ends between two looks', async () => {
    follow(['team']);
    await time.advance(100);
    rows.begins('team');
    rows.ends('team', 'partial', 'page 7 was no list');
    await time.advance(500);
    expect(outcomes()).toEqual(['partial']);
    expect(lines).toEqual([expect.stringContaining('partial in 0 s')]);
    expect(lines[0]).toMatch(/: page 7 was no list$/);
  });

  it('takes the wish back when nobody has taken it after 10 s', async () => {
    follow(['team']);
    await time.advance(9_500);
    expect(outcomes()).toBeUndefined();
    await time.advance(500);
    expect(outcomes()).toEqual(['untaken']);
    expect(rows.row('team').wanted).toBeNull();
    expect(lines).toEqual([expect.stringContaining('no host with the sync on runs')]);
  });

  it('waits for an entity while a host works at another one', async () => {
    follow(['player', 'team']);
    await time.advance(100);
    rows.begins('player');
    for (let n = 0; n < 60; n++) {
      rows.set('player', { heartbeatAtMs: rows.nowMs });
      await time.advance(1_000);
    }
    expect(outcomes()).toBeUndefined();
    rows.ends('player', 'complete');
    rows.begins('team', 'run-2');
    await time.advance(1_000);
    rows.ends('team', 'failed', 'IP is not authorized');
    await time.advance(1_000);
    expect(outcomes()).toEqual(['complete', 'failed']);
  });

  it('follows the run that is under way first, then asks', async () => {
    rows.begins('team');
    await time.advance(3_000);
    follow(['team']);
    await time.advance(2_000);
    expect(rows.row('team').wanted).toBeNull();
    rows.ends('team', 'partial', 'stopped');
    await time.advance(1_000);
    expect(rows.row('team').wanted).toBe('full');
    rows.begins('team', 'run-2');
    await time.advance(500);
    rows.ends('team', 'complete');
    await time.advance(500);
    expect(outcomes()).toEqual(['complete']);
    expect(lines[0]).toBe('team: a run (incremental) is under way since 3 s: that one is followed first');
    expect(lines).toContainEqual(expect.stringMatching(/^team: incremental partial in 5 s.*: stopped. Asks now$/));
  });

  it('leaves the wish of somebody else alone for as long as a host may still take it', async () => {
    rows.set('team', { wanted: 'incremental', wantedAtMs: START_MS - 6_000, wantedBy: 'her' });
    follow(['team']);
    await time.advance(3_500);
    expect(rows.row('team')).toMatchObject({ wanted: 'incremental', wantedBy: 'her' });
    await time.advance(1_500);
    expect(rows.row('team')).toMatchObject({ wanted: 'full', wantedBy: 'me' });
    expect(lines).toEqual(['team: her has asked for a run (incremental): that one is followed first']);
  });

  it('does not take a run on schedule for its own, when it begins between the wish and its run', async () => {
    follow(['team']);
    await time.advance(100);
    rows.set('team', { runId: 'tick', kind: 'incremental', startedAtMs: rows.nowMs, heartbeatAtMs: rows.nowMs });
    await time.advance(20_000);
    rows.ends('team', 'failed');
    await time.advance(1_000);
    expect(outcomes()).toBeUndefined();
    rows.begins('team');
    await time.advance(1_000);
    rows.ends('team', 'complete');
    await time.advance(1_000);
    expect(outcomes()).toEqual(['complete']);
  });

  it('says that a wish was taken back, or replaced', async () => {
    follow(['team', 'player']);
    await time.advance(1_000);
    rows.set('team', { wanted: null });
    rows.set('player', { wantedAtMs: rows.nowMs });
    await time.advance(500);
    expect(outcomes()).toEqual(['withdrawn', 'withdrawn']);
  });

  it('goes on with a run that another instance takes over', async () => {
    follow(['team']);
    await time.advance(100);
    rows.begins('team');
    await time.advance(65_000);
    rows.set('team', { runId: 'run-2', heartbeatAtMs: rows.nowMs });
    await time.advance(30_000);
    rows.ends('team', 'complete');
    await time.advance(500);
    expect(outcomes()).toEqual(['complete']);
    expect(lines.at(-1)).toContain('complete in 95 s');
  });

  it('gives a run up whose host is gone, and which nobody takes over', async () => {
    follow(['team']);
    await time.advance(100);
    rows.begins('team');
    await time.advance(119_000);
    expect(outcomes()).toBeUndefined();
    await time.advance(2_000);
    expect(outcomes()).toEqual(['stalled']);
  });

  it('tells a run that ends without a verdict', async () => {
    follow(['team']);
    await time.advance(100);
    rows.begins('team');
    await time.advance(1_000);
    rows.set('team', { runId: null });
    await time.advance(500);
    expect(outcomes()).toEqual(['lost']);
  });

  it('ends when its time is over: what has begun goes on, what has not is taken back', async () => {
    follow(['team', 'player'], 5_000);
    await time.advance(100);
    rows.begins('team');
    await time.advance(5_000);
    expect(outcomes()).toEqual(['timeout', 'timeout']);
    expect(rows.row('team').runId).toBe('run-1');
    expect(rows.row('player').wanted).toBeNull();
  });

  it('follows on when a host takes the wish at the last moment', async () => {
    const { takeBack } = rows;
    rows.takeBack = async (name, wishedAtMs) => {
      rows.takeBack = takeBack;
      rows.begins(name);
      return takeBack.call(rows, name, wishedAtMs);
    };
    follow(['team']);
    await time.advance(10_500);
    expect(outcomes()).toBeUndefined();
    rows.ends('team', 'complete');
    await time.advance(500);
    expect(outcomes()).toEqual(['complete']);
  });
});
