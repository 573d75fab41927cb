import { describe, expect, it } from '@jest/globals';
import { Guest } from '../../../../test/support/guest.js';
import { VirtualScheduler, VirtualTime } from '../../../../test/support/virtual-scheduler.js';
import { WaitingRoom } from './waiting-room.js';

function setUp() {
  const time = new VirtualTime();
  const room = new WaitingRoom(new VirtualScheduler(time));
  const enter = (key: string, waitMs = 10_000): Guest => {
    const guest = new Guest();
    void room.wait(key, waitMs, guest).then(() => {
      guest.isAnswered = true;
    });
    return guest;
  };
  return { time, room, enter };
}

describe('the waiting room', () => {
  it('answers those who wait for what is called, and nobody else', async () => {
    const { time, room, enter } = setUp();
    const [one, other] = [enter('m1'), enter('m2')];
    room.call('m1');
    await time.advance(0);
    expect([one.isAnswered, other.isAnswered]).toEqual([true, false]);
    expect([room.has('m1'), room.has('m2')]).toEqual([false, true]);
  });

  it('answers in the next turn of the event loop: several changes of one turn are one answer', async () => {
    const { time, room, enter } = setUp();
    const guest = enter('m1');
    room.call('m1');
    room.call('m1');
    await Promise.resolve();
    expect(guest.isAnswered).toBe(false);
    await time.advance(0);
    expect(guest.isAnswered).toBe(true);
  });

  it('leaves those alone who came after the call: they have what was called', async () => {
    const { time, room, enter } = setUp();
    enter('m1');
    room.call('m1');
    const late = enter('m1');
    await time.advance(0);
    expect(late.isAnswered).toBe(false);
    room.call('m1');
    await time.advance(0);
    expect(late.isAnswered).toBe(true);
  });

  it('answers at the end of the time, never before it, with one timer for all of them', async () => {
    const { time, enter } = setUp();
    const guests = Array.from({ length: 1_000 }, (_, at) => enter(`m${at}`, 5_000));
    expect(time.waiting).toBe(1);
    await time.advance(4_999);
    expect(guests.some(({ isAnswered }) => isAnswered)).toBe(false);
    await time.advance(1);
    expect(guests.every(({ isAnswered }) => isAnswered)).toBe(true);
    expect(time.waiting).toBe(0);
  });

  it('answers thousands in slices', async () => {
    const { time, room, enter } = setUp();
    const guests = Array.from({ length: 1_000 }, () => enter('m1'));
    room.call('m1');
    const answered: number[] = [];
    await time.advance(0, () => answered.push(guests.filter(({ isAnswered }) => isAnswered).length));
    expect(answered.filter((count) => count > 0)).toEqual([200, 400, 600, 800, 1_000]);
  });

  it('forgets who is gone, in the middle of an answer, too', async () => {
    const { time, room, enter } = setUp();
    const [first, second] = [enter('m1'), enter('m1')];
    first.leave();
    room.call('m1');
    second.leave();
    await time.advance(0);
    expect([room.has('m1'), time.waiting]).toEqual([false, 0]);
    expect(second.listeners.size).toBe(0);
  });

  it('ends every wait of who leaves', async () => {
    const { time, room } = setUp();
    const guest = new Guest();
    const waits = ['m1', 'm2'].map((key) => room.wait(key, 10_000, guest));
    guest.leave();
    await Promise.all(waits);
    expect([room.has('m1'), room.has('m2'), guest.listeners.size, time.waiting]).toEqual([false, false, 0, 0]);
  });

  it('lets nobody wait who is gone, or for no time', async () => {
    const { room, time } = setUp();
    const gone = new Guest();
    gone.isGone = true;
    await room.wait('m1', 1_000, gone);
    await room.wait('m1', 0, new Guest());
    expect([room.has('m1'), time.waiting]).toEqual([false, 0]);
  });

  it('answers all when it is closed, those of a slice that is under way, too, and leaves no timer', async () => {
    const { time, room, enter } = setUp();
    const guests = [enter('m1'), enter('m2', 20_000), enter('m3')];
    room.call('m3');
    room.close();
    await Promise.resolve();
    expect(guests.every(({ isAnswered }) => isAnswered)).toBe(true);
    expect(time.waiting).toBe(0);
    await room.wait('m1', 1_000, new Guest());
    expect(time.waiting).toBe(0);
  });
});
