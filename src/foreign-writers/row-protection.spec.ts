import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type Cancel, Scheduler } from '../kernel/scheduler.js';
import { type ForeignWriterNews, ForeignWriteStore } from './ports/foreign-write-store.js';
import { RowProtection } from './row-protection.js';

class ScriptedStore extends ForeignWriteStore {
  readonly asked: (readonly string[])[] = [];
  /** per call: the ids that are locked; after the script none is */
  locked: (readonly string[])[] = [];
  answer: (locked: readonly string[]) => Promise<readonly string[]> = async (locked) => locked;

  override read(): Promise<ForeignWriterNews> {
    return Promise.resolve({ mode: 'protect', authorities: null, writes: [] });
  }
  override nameAuthorities(): Promise<void> {
    return Promise.resolve();
  }
  override protect(): Promise<void> {
    return Promise.resolve();
  }
  override unprotect(matchIds: readonly string[]): Promise<readonly string[]> {
    this.asked.push([...matchIds]);
    return this.answer(this.locked.shift() ?? []);
  }
  override protectedMatches(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }
  override prune(): Promise<void> {
    return Promise.resolve();
  }
}

/** Pauses end at once; the limit of a wait only when `expire` is called. */
class QuickScheduler extends Scheduler {
  expire: () => void = () => undefined;

  override monotonicMs(): number {
    return 0;
  }
  override after(delayMs: number, task: () => void): Cancel {
    if (delayMs >= 1_000) this.expire = task;
    else queueMicrotask(task);
    return () => undefined;
  }
  override random(): number {
    return 0.5;
  }
  override every(): Cancel {
    return () => undefined;
  }
}

describe('the protection of rows that are given away', () => {
  let store: ScriptedStore;
  let scheduler: QuickScheduler;
  let protection: RowProtection;

  beforeEach(() => {
    Logger.overrideLogger(false);
    store = new ScriptedStore();
    scheduler = new QuickScheduler();
    protection = new RowProtection(store, scheduler);
  });
  afterEach(() => Logger.overrideLogger(['error', 'warn', 'log']));

  it('ends with one statement for all matches of a turn', async () => {
    await Promise.all([protection.clear('a'), protection.clear('b')]);
    await protection.clear('c');
    expect(store.asked).toEqual([['a', 'b'], ['c']]);
  });

  it('is asked for again where a row is locked, and given up after ten times', async () => {
    store.locked = [['b'], ['b']];
    await Promise.all([protection.clear('a'), protection.clear('b')]);
    expect(store.asked).toEqual([['a', 'b'], ['b'], ['b']]);
    store.asked.length = 0;
    store.locked = Array.from({ length: 20 }, () => ['d']);
    await protection.clear('d');
    expect(store.asked).toHaveLength(10);
  });

  it('holds nobody up for more than a second, and fails nobody', async () => {
    store.answer = () => new Promise(() => undefined);
    const waiting = protection.clear('a');
    scheduler.expire();
    await expect(waiting).resolves.toBeUndefined();
    store.answer = () => Promise.reject(new Error('away'));
    await expect(protection.clear('b')).resolves.toBeUndefined();
  });
});
