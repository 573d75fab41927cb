import { beforeEach, describe, expect, it } from '@jest/globals';
import { Subject } from 'rxjs';
import { Lifecycle } from './lifecycle.js';

describe('Lifecycle', () => {
  let life: Lifecycle;
  let told: string[];
  const owned = (name: string) => () => told.push(`release ${name}`) as unknown as undefined;
  const start = () =>
    life.start(() => {
      told.push('begin');
      return owned('a');
    });

  beforeEach(() => {
    life = new Lifecycle();
    told = [];
  });

  it('starts once and stops once, and releases what it owns, the newest first', () => {
    start();
    start();
    life.own(owned('b'));
    expect([told, life.started, life.stopped]).toEqual([['begin'], true, false]);
    life.stop();
    life.stop();
    expect([told, life.started, life.stopped]).toEqual([['begin', 'release b', 'release a'], false, true]);
  });

  it('does not start any more when it was stopped before', () => {
    life.stop();
    start();
    expect([told, life.stopped]).toEqual([[], true]);
  });

  it('releases at once what comes after the stop', () => {
    life.start(() => []);
    life.stop();
    life.own(owned('late'));
    expect(told).toEqual(['release late']);
  });

  it('owns subscriptions too, and several at once', () => {
    const subject = new Subject<number>();
    life.start(() => [subject.subscribe(), subject.subscribe()]);
    expect(subject.observed).toBe(true);
    life.stop();
    expect(subject.observed).toBe(false);
  });

  it('aborts its signal at the stop', () => {
    start();
    expect(life.signal.aborted).toBe(false);
    life.stop();
    expect(life.signal.aborted).toBe(true);
  });

  it('releases what `begin` owns when it stops the service itself', () => {
    life.start(() => {
      life.stop();
      return owned('a');
    });
    expect(told).toEqual(['release a']);
  });
});
