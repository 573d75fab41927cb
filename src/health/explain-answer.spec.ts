import { describe, expect, it } from '@jest/globals';
import type { FeedFreshness } from '../feed-recovery/feed-freshness.service.js';
import { FeedHealthProbe } from '../feed-recovery/feed-health-probe.js';
import type { FeedMonitor } from '../feed-recovery/feed-monitor.service.js';
import { DecisionMemory } from '../score-writer/decision-memory.js';
import { WriterHealthProbe } from '../score-writer/writer-health-probe.js';
import { FakeClock } from '../testing/index.js';
import { CollectedProbes } from './collected-probes.js';
import { ExplainAnswer } from './explain-answer.js';
import { resolveHealthOptions } from './health.options.js';
import { InternalSecret } from './internal-secret.js';

function answer(internalSecret?: string, key?: string): ExplainAnswer {
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
  const options = resolveHealthOptions(internalSecret === undefined ? {} : { internalSecret });
  return new ExplainAnswer(probes, new InternalSecret(options, key === undefined ? undefined : { value: key }));
}

describe('GET /livescore/explain/:matchId', () => {
  it('tells who knows the secret what became of each frame', () => {
    expect(answer('secret').to('secret', 'm1')).toEqual({
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
    const explain = new ExplainAnswer(probes, new InternalSecret(resolveHealthOptions()));
    expect(explain.explain('m1').feed).toBe('no-feed');
    expect(explain.explain('m2').feed).toBeNull();
  });

  it('knows nothing of other matches', () => {
    expect(answer('secret').to('secret', 'm2')).toEqual({
      matchId: 'm2',
      disputed: false,
      feed: null,
      decisions: [],
    });
  });

  it.each([
    ['no secret', undefined, 'secret', 'key'],
    ['a wrong secret', 'secreT', 'secret', 'key'],
    ['a secret of another length', 'sec', 'secret', 'key'],
    ['any secret when none is set', '', undefined, undefined],
    ['two headers', ['secret'], 'secret', 'key'],
  ])('is not there for %s', (_, given, secret, key) => {
    expect(answer(secret, key).to(given, 'm1')).toBeNull();
  });

  it('is there for the key of the process, too', () => {
    expect(answer('secret', 'key').to('key', 'm1')?.decisions).toHaveLength(1);
    expect(answer(undefined, 'key').to('key', 'm1')?.decisions).toHaveLength(1);
  });
});
