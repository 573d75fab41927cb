import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FrameUnderTest } from '../../test/rollout/frame-under-test.js';
import { RouterUnderTest } from '../../test/rollout/router-under-test.js';
import { SlowLegacyHandler } from '../../test/rollout/slow-legacy-handler.js';

describe("frames on their way to the host's own handler", () => {
  let handler: SlowLegacyHandler;
  let under: RouterUnderTest;
  beforeEach(async () => {
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => {});
    handler = new SlowLegacyHandler();
    under = await RouterUnderTest.on({ handler });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const silence = () => jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  const frames = async (result: string) =>
    (await under.metrics.legacyFrames.get()).values.find(({ labels }) => labels.result === result)?.value ?? 0;
  const submit = (json: unknown, ...matchIds: string[]) => FrameUnderTest.submit(under, json, matchIds);

  it('go as they came while every match is on the legacy path, read or not, and the queue gets nothing', async () => {
    const sent = [[{ id: 'a' }, { id: 'b' }], 'no json at all', { results: 7 }];
    submit(sent[0], 'a', 'b');
    FrameUnderTest.refused(under, sent[1]);
    FrameUnderTest.refused(under, sent[2]);
    await under.time.advance(10);
    expect(handler.got).toEqual(sent.map((json) => JSON.stringify(json)));
    expect(under.log.got).toEqual([]);
  });

  it('leave the matches of the direct path out', async () => {
    await under.store.pin('new', 'direct');
    await under.state.refresh();
    submit([{ id: 'old' }, { id: 'new' }], 'old', 'new');
    submit({ id: 'new' }, 'new');
    submit({ id: 'old' }, 'old');
    FrameUnderTest.refused(under, [
      { id: 'new', score: 1 },
      { id: 'old', score: 1 },
    ]);
    await under.time.advance(10);
    expect(handler.got).toEqual(['[{"id":"old"}]', '{"id":"old"}', '[{"id":"old","score":1}]']);
    expect(under.log.got.map(({ matchId }) => matchId)).toEqual(['new', 'new']);
  });

  it('follow a match that comes to the legacy path, in order and once', async () => {
    await under.store.append(FrameUnderTest.direct, 'test', 'test', null);
    await under.state.refresh();
    submit({ id: 'm', n: 1 }, 'm');
    await under.set({ stage: 'legacy' });
    submit([{ id: 'm', n: 2 }, { id: 'x' }], 'm', 'x');
    submit({ id: 'm', n: 3 }, 'm');
    await under.time.advance(100);
    submit({ id: 'm', n: 4 }, 'm');
    await under.time.advance(10);
    const ofMatch = handler.got.filter((text) => text.includes('"m"'));
    expect(ofMatch).toEqual(['[{"id":"m","n":2}]', '{"id":"m","n":3}', '{"id":"m","n":4}']);
    expect(handler.got.filter((text) => text.includes('"x"'))).toHaveLength(1);
    expect(under.log.written.filter(({ matchId }) => matchId === 'm').map(({ number }) => number)).toEqual([1000]);
  });

  it('stay in order when a match comes to the legacy path while a newer frame of it waits already', async () => {
    await under.store.append(FrameUnderTest.direct, 'test', 'test', null);
    await under.state.refresh();
    submit({ id: 'comes', n: 1 }, 'comes');
    await under.set({ stage: 'legacy' });
    const held = [2, 3].map((n) => submit({ id: 'comes', n }, 'comes'));
    // in the turn before the one in which the match has left the direct path, which commits after 10 ms
    under.time.after(10, () => {
      held.push(submit([{ id: 'comes', n: 4 }, { id: 'stays' }], 'comes', 'stays'));
      expect(under.router.isMoving('comes')).toBe(true);
    });
    await under.time.advance(100);
    const numbers = handler.got.flatMap((text) => [...text.matchAll(/"n":(\d)/g)].map(([, n]) => Number(n)));
    expect(numbers).toEqual([2, 3, 4]);
    expect(handler.got.filter((text) => text.includes('stays'))).toHaveLength(1);
    expect(held.map(({ acknowledged }) => acknowledged)).toEqual([1, 1, 1]);
  });

  it('are written before the match goes the direct way', async () => {
    handler.takesMs = 300;
    submit({ id: 'm' }, 'm');
    await under.time.advance(5);
    await under.set({ stage: 'direct' });
    submit({ id: 'm' }, 'm');
    await under.time.advance(200);
    expect(under.log.got).toEqual([]);
    await under.time.advance(200);
    expect(under.log.got.map(({ matchId }) => matchId)).toEqual(['m']);
    expect(handler.got).toHaveLength(1);
  });

  it('are acknowledged when the handler has them, after 5 s at most', async () => {
    const warn = silence();
    handler.takesMs = 2_000;
    const [quick, slow] = [submit({ id: 'm' }, 'm'), submit({ id: 'm' }, 'm')];
    await under.time.advance(1_900);
    expect([quick.acknowledged, slow.acknowledged]).toEqual([0, 0]);
    await under.time.advance(200);
    expect([quick.acknowledged, slow.acknowledged]).toEqual([1, 1]);
    handler.takesMs = 60_000;
    const hanging = submit({ id: 'm' }, 'm');
    await under.time.advance(4_900);
    expect(hanging.acknowledged).toBe(0);
    await under.time.advance(200);
    expect([hanging.acknowledged, await frames('handled'), await frames('late')]).toEqual([1, 2, 1]);
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('that the handler throws at are counted, logged in samples, and acknowledged', async () => {
    const warn = silence();
    handler.throws = true;
    const thrown = [submit({ id: 'm' }, 'm'), submit({ id: 'm' }, 'm')];
    await under.time.advance(10);
    handler.throws = false;
    submit({ id: 'm' }, 'm');
    await under.time.advance(10);
    expect(thrown.map(({ acknowledged }) => acknowledged)).toEqual([1, 1]);
    expect([await frames('failed'), await frames('handled'), warn.mock.calls.length]).toEqual([2, 1, 1]);
  });

  it('give way, the oldest first, beyond 10,000', async () => {
    silence();
    const first = submit({ id: 'm', n: 0 }, 'm');
    for (let n = 1; n <= 10_000; n++) submit({ id: 'm', n }, 'm');
    expect(first.acknowledged).toBe(1);
    under.router.onApplicationShutdown();
    await under.router.beforeApplicationShutdown();
    expect(handler.got).toHaveLength(10_000);
    expect(handler.got[0]).toBe('{"id":"m","n":1}');
  });
});
