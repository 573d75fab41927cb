import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Subject } from 'rxjs';
import { boardRow } from '../../../test/contracts/board-store.contract.js';
import { FakeLease } from '../../../test/support/fake-lease.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../../test/support/virtual-scheduler.js';
import { InMemoryBoardStore } from '../../testing/index.js';
import type { BoardRow } from '../ports/board-store.js';
import type { Position } from '../ports/position.js';
import { positionText } from '../ports/position.js';
import { type FollowedBoard, type Following, JournalFollower } from './journal-follower.js';

const POLL_MS = 200;
const MINUTE_MS = 60_000;
const at = (version: number, epoch = 0): Position => ({ epoch, version });

class Board implements FollowedBoard {
  readonly positions = new Map<string, Position>();
  readonly told: string[] = [];
  readonly stale: string[] = [];
  /** what the journal has: a match that is behind is brought to it at once */
  newest: (matchId: string) => Position | null = () => null;

  positionOf(matchId: string): Position | null {
    return this.positions.get(matchId) ?? null;
  }

  matchIds(): Iterable<string> {
    return this.positions.keys();
  }

  behind(matchId: string, after: Position): void {
    this.told.push(`${matchId} after ${positionText(after)}`);
    const newest = this.newest(matchId);
    if (newest) this.positions.set(matchId, newest);
  }

  staleDetails(matchIds: readonly string[]): void {
    this.stale.push(...matchIds);
  }

  restored(rows: readonly BoardRow[]): void {
    for (const { state, position } of rows) {
      this.told.push(`${state.matchId} restored to ${positionText(position)}`);
      this.positions.set(state.matchId, position);
    }
  }
}

describe('JournalFollower', () => {
  let time: VirtualTime;
  let clock: VirtualClock;
  let store: InMemoryBoardStore;
  let board: Board;
  let follower: JournalFollower | null;
  let warn: jest.SpiedFunction<Logger['warn']>;
  let connected: Subject<void>;
  let bus: { isConnected: boolean; readonly connected$: Subject<void> };

  beforeEach(() => {
    warn = jest
      .spyOn(Logger.prototype, 'warn')
      .mockReset()
      .mockImplementation(() => undefined);
    time = new VirtualTime();
    // the clock of the database is years away from ours
    clock = new VirtualClock(time, 1_000_000_000_000);
    store = new InMemoryBoardStore(clock);
    board = new Board();
    connected = new Subject();
    bus = { isConnected: false, connected$: connected };
    follower = null;
  });

  afterEach(async () => {
    await follower?.stop(0);
    expect(time.waiting).toBe(0);
  });

  async function start(over: Partial<Following> = {}): Promise<JournalFollower> {
    const scheduler = new VirtualScheduler(time);
    follower = new JournalFollower({ store, board, scheduler, pollMs: POLL_MS, isGateway: true, ...over });
    follower.start();
    await time.advance(0);
    store.asked.length = 0;
    return follower;
  }

  /** A version is committed, and visible at once. */
  function commit(matchId: string, position: Position, ageMs = 0): void {
    store.journaled(matchId, position, clock.nowMs() - ageMs);
    board.newest = (id) => (id === matchId ? position : null);
  }

  it('asks for what follows the position of the board, within one poll, by one statement', async () => {
    await start();
    board.positions.set('m', at(4));
    commit('m', at(5));
    await time.advance(POLL_MS);
    expect([board.told, board.stale]).toEqual([['m after 0.4'], ['m']]);
    await time.advance(MINUTE_MS);
    expect(board.told).toHaveLength(1);
    expect(new Set(store.asked)).toEqual(new Set(['heads']));
    expect(store.asked).toHaveLength(1 + MINUTE_MS / POLL_MS);
  });

  it('asks for all versions of a match that the board does not know, and again while it does not', async () => {
    await start();
    store.journaled('new', at(1));
    store.journaled('new', at(2));
    await time.advance(POLL_MS);
    expect(board.told).toEqual(['new after 0.0']);
    await time.advance(1_900);
    expect(board.told).toHaveLength(1);
    await time.advance(200);
    expect(board.told).toHaveLength(2);
    store.journaled('new', at(3));
    await time.advance(POLL_MS);
    expect(board.told).toHaveLength(3);
    await time.advance(MINUTE_MS);
    expect(board.told.length).toBeLessThanOrEqual(6);
  });

  it('finds commits that become visible seconds after later ones', async () => {
    await start();
    board.positions.set('m', at(4));
    await time.advance(30_000);
    commit('m', at(5), 4_900);
    await time.advance(POLL_MS);
    expect(board.told).toEqual(['m after 0.4']);
  });

  it('finds thousands of changes in one poll', async () => {
    await start();
    for (let n = 0; n < 4_000; n++) {
      board.positions.set(`m${n}`, at(1));
      store.journaled(`m${n}`, at(2));
    }
    board.newest = () => at(2);
    await time.advance(POLL_MS);
    expect([board.told.length, board.stale.length, store.asked]).toEqual([4_000, 4_000, ['heads']]);
  });

  it('asks about every match that the board knows when more was committed than it looks at', async () => {
    await start();
    for (const id of ['quiet', 'busy']) board.positions.set(id, at(1));
    jest.spyOn(store, 'heads').mockResolvedValueOnce({ versions: [], details: [], isCut: true });
    await time.advance(POLL_MS);
    expect(board.told).toEqual(['quiet after 0.1', 'busy after 0.1']);
  });

  it('has details read again once for each announcement or settlement', async () => {
    await start();
    store.detailsMoved('m');
    await time.advance(1_000);
    expect(board.stale).toEqual(['m']);
    store.detailsMoved('m');
    await time.advance(1_000);
    expect(board.stale).toEqual(['m', 'm']);
  });

  it('finds what was committed in an outage of the database of 60 s within 2 s, with one warning', async () => {
    await start();
    board.positions.set('early', at(1));
    board.positions.set('late', at(1));
    await time.advance(1_000);
    store.asked.length = 0;
    store.answer = async () => {
      throw Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
    };
    commit('early', at(2));
    await time.advance(MINUTE_MS);
    commit('late', at(2));
    expect(store.asked.length).toBeLessThan(60);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(board.told).toEqual([]);
    store.answer = async () => undefined;
    board.newest = () => at(2);
    await time.advance(2_000);
    expect(board.told).toEqual(['early after 0.1', 'late after 0.1']);
  });

  it('runs one look at a time, however long it takes', async () => {
    await start();
    let answered = (): void => undefined;
    store.answer = () => new Promise((resolve) => (answered = resolve));
    await time.advance(10_000);
    expect(store.asked).toEqual(['heads']);
    store.answer = async () => undefined;
    answered();
    await time.advance(POLL_MS);
    expect(store.asked).toEqual(['heads', 'heads']);
  });

  describe('beside a bus', () => {
    it('checks every second while it is connected, and follows alone while it is not', async () => {
      await start({ bus });
      bus.isConnected = true;
      await time.advance(10_000);
      expect(store.asked.length).toBeGreaterThanOrEqual(9);
      expect(store.asked.length).toBeLessThanOrEqual(11);
      bus.isConnected = false;
      store.asked.length = 0;
      await time.advance(2_000);
      expect(store.asked).toHaveLength(10);
    });

    it('looks a minute back at every connection', async () => {
      await start({ bus });
      bus.isConnected = true;
      await time.advance(2 * MINUTE_MS);
      store.asked.length = 0;
      board.positions.set('m', at(1));
      commit('m', at(2), 59_000);
      connected.next();
      await time.advance(0);
      expect([store.asked, board.told]).toEqual([['heads'], ['m after 0.1']]);
    });

    it('looks once more when it is connected while a look is under way', async () => {
      await start({ bus });
      let answered = (): void => undefined;
      store.answer = () => new Promise((resolve) => (answered = resolve));
      await time.advance(POLL_MS);
      bus.isConnected = true;
      connected.next();
      store.answer = async () => undefined;
      answered();
      await time.advance(0);
      expect(store.asked).toEqual(['heads', 'heads']);
    });
  });

  describe('with a lease', () => {
    it('looks at nothing while it holds it, and once at the loss, a minute back', async () => {
      const lease = new FakeLease(1);
      await start({ lease, isGateway: false });
      await time.advance(10 * MINUTE_MS);
      expect(store.asked).toEqual([]);
      board.positions.set('m', at(1));
      commit('m', at(2), 59_000);
      lease.lose();
      await time.advance(0);
      expect([store.asked, board.told]).toEqual([['heads'], ['m after 0.1']]);
      await time.advance(1_000);
      expect(store.asked).toHaveLength(6);
      lease.take(3);
      await time.advance(MINUTE_MS);
      expect(store.asked).toHaveLength(7);
    });

    it('looks at nothing when the bus is connected while it holds it', async () => {
      await start({ lease: new FakeLease(1), isGateway: false, bus });
      connected.next();
      await time.advance(MINUTE_MS);
      expect(store.asked).toEqual([]);
    });

    it('looks as far back as it was suspended', async () => {
      const lease = new FakeLease(1);
      await start({ lease, isGateway: false });
      await time.advance(1_000);
      board.positions.set('m', at(1));
      commit('m', at(2), -1_000);
      const turn = jest.spyOn(VirtualScheduler.prototype, 'monotonicMs');
      const asleepMs = 5 * MINUTE_MS;
      jest.spyOn(clock, 'nowMs').mockImplementation(() => 1_000_000_000_000 + time.nowMs + asleepMs);
      turn.mockImplementation(() => time.nowMs + asleepMs);
      await time.advance(POLL_MS);
      turn.mockRestore();
      expect([store.asked, board.told]).toEqual([['heads'], ['m after 0.1']]);
    });

    it('never looks where nobody else can commit: without a lease, and no gateway', async () => {
      await start({ isGateway: false });
      await time.advance(MINUTE_MS);
      expect(store.asked).toEqual([]);
    });
  });

  describe('after a restore of the database', () => {
    it('asks for the versions of the next incarnation where the version of a row fell', async () => {
      await start();
      board.positions.set('m', at(10));
      commit('m', at(4, 1));
      await time.advance(POLL_MS);
      expect(board.told).toEqual(['m after 0.10']);
    });

    it('tells the row as it is now where commits that were told are gone', async () => {
      await start();
      board.positions.set('m', at(10));
      store.journaled('m', at(7));
      store.put(boardRow('m', 7));
      await time.advance(POLL_MS);
      expect(board.told).toEqual([]);
      await time.advance(POLL_MS);
      expect([board.told, store.asked]).toEqual([['m restored to 0.7'], ['heads', 'heads', 'load']]);
      await time.advance(MINUTE_MS);
      expect(board.told).toHaveLength(1);
    });

    it('takes nothing for lost that was told while it looked', async () => {
      await start();
      store.put(boardRow('m', 9));
      board.positions.set('m', at(8));
      for (let version = 8; version < 20; version++) {
        store.journaled('m', at(version));
        store.put(boardRow('m', version));
        store.answer = async () => void board.positions.set('m', at(version + 1));
        await time.advance(POLL_MS);
      }
      expect(board.told).toEqual([]);
    });
  });
});
