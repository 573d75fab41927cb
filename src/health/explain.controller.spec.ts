import { describe, expect, it } from '@jest/globals';
import { NotFoundException } from '@nestjs/common';
import type { FeedFreshness } from '../feed-recovery/feed-freshness.service.js';
import { FeedHealthProbe } from '../feed-recovery/feed-health-probe.js';
import type { FeedMonitor } from '../feed-recovery/feed-monitor.service.js';
import { DecisionMemory } from '../score-writer/decision-memory.js';
import { WriterHealthProbe } from '../score-writer/writer-health-probe.js';
import { FakeClock } from '../testing/index.js';
import { CollectedProbes } from './collected-probes.js';
import { ExplainController } from './explain.controller.js';
import { resolveHealthOptions } from './health.options.js';

const LOCAL = { socket: { remoteAddress: '127.0.0.1' } };
const REMOTE = { socket: { remoteAddress: '192.0.2.7' } };

function controller(internalSecret?: string): ExplainController {
  const decisions = new DecisionMemory();
  decisions.record({
    atMs: 1_800_000_000_000,
    version: 3,
    outcome: { kind: 'stale', reason: 'older-kick-off' },
    update: {
      matchId: 'm1',
      source: 'mqtt',
      delivery: 'push',
      receivedAtMs: 1_800_000_000_000,
      requestedAtMs: null,
      providerTimeS: null,
      score: { status: 7, home: [1, 0, 0, 0, 0, 2, 4], away: [1, 0, 0, 0, 0, 2, 3], periodKickoffS: 1_799_999_000 },
    },
  });
  const probes = new CollectedProbes();
  new WriterHealthProbe({ healthy: true }, decisions, { count: 0, has: () => false }, probes);
  return new ExplainController(probes, resolveHealthOptions(internalSecret === undefined ? {} : { internalSecret }));
}

describe('GET /livescore/explain/:matchId', () => {
  it('tells callers on this machine what became of each frame', () => {
    expect(controller().explain('m1', {}, LOCAL)).toEqual({
      matchId: 'm1',
      disputed: false,
      feed: null,
      decisions: [
        {
          at: 1_800_000_000_000,
          source: 'mqtt',
          delivery: 'push',
          status: 7,
          score: '6-5',
          kickoff: 1_799_999_000,
          outcome: 'stale',
          reason: 'older-kick-off',
          version: 3,
        },
      ],
    });
  });

  it('says when the feed does not speak of a match that is being played', () => {
    const freshness = { of: (matchId: string) => (matchId === 'm1' ? ('no-feed' as const) : null) };
    const probes = new CollectedProbes();
    new FeedHealthProbe({} as FeedMonitor, freshness as FeedFreshness, new FakeClock(), probes);
    const explain = new ExplainController(probes, resolveHealthOptions());
    expect(explain.explain('m1', {}, LOCAL).feed).toBe('no-feed');
    expect(explain.explain('m2', {}, LOCAL).feed).toBeNull();
  });

  it('knows nothing of other matches', () => {
    expect(controller().explain('m2', {}, { socket: { remoteAddress: '::1' } })).toEqual({
      matchId: 'm2',
      disputed: false,
      feed: null,
      decisions: [],
    });
  });

  it.each([
    ['a caller on another machine', {}, REMOTE, 'secret'],
    ['a wrong secret', { 'x-internal-secret': 'secreT' }, REMOTE, 'secret'],
    ['a secret of another length', { 'x-internal-secret': 'sec' }, REMOTE, 'secret'],
    ['any secret when none is set', { 'x-internal-secret': '' }, REMOTE, undefined],
    ['a caller behind a proxy on this machine', { 'x-forwarded-for': '192.0.2.7' }, LOCAL, undefined],
    ['a socket that is gone', {}, { socket: {} }, undefined],
  ])('is not there for %s', (_, headers, request, secret) => {
    expect(() => controller(secret).explain('m1', headers, request)).toThrow(NotFoundException);
  });

  it('is there for another machine with the secret', () => {
    expect(controller('secret').explain('m1', { 'x-internal-secret': 'secret' }, REMOTE).decisions).toHaveLength(1);
  });
});
