import { describe, expect, it } from '@jest/globals';
import { sampleFacts } from '../../../../test/operations/browser/sample-facts.js';
import { NOW_MS, section } from '../../../../test/operations/browser/sample-stored.js';
import type { OperationsFacts } from '../../facts.js';
import { timeText } from './format.js';
import { verdictOf } from './verdict.js';

type Change = (facts: OperationsFacts) => object;

function said(change: Change) {
  const facts = sampleFacts();
  return verdictOf({ kind: 'facts', facts: { ...facts, ...change(facts) }, atMs: NOW_MS });
}

const feed =
  (more: object): Change =>
  ({ health }) => ({ health: { ...health, feed: { ...health.feed, ...more } } });
const health =
  (more: object): Change =>
  (facts) => ({ health: { ...facts.health, ...more } });
const since = new Date(NOW_MS - 60_000).toISOString();

describe('the sentence on top', () => {
  it('says that all is well, with what is going on', () => {
    const { level, text, others } = said(() => ({}));
    expect([level, others]).toEqual(['ok', []]);
    expect(text).toBe('All is well: 8 matches are live, 34.2 ms to screens (p95), last message 0.1 s ago.');
  });

  it.each<[string, 'bad' | 'warn', Change, string]>([
    [
      'a database that is away',
      'bad',
      ({ ready }) => ({
        database: { ok: false, error: 'ECONNREFUSED', sinceMs: NOW_MS },
        ready: { ...ready, ok: false, db: { ok: false, error: 'ECONNREFUSED' } },
      }),
      `The database does not answer since ${timeText(NOW_MS)} (ECONNREFUSED): no score is written.`,
    ],
    [
      'a database that answers the host, and not the page',
      'bad',
      () => ({ database: { ok: false, error: 'failed: 57014', sinceMs: null } }),
      'The database does not answer (failed: 57014): what stands below is old.',
    ],
    [
      'a writer that fails without a word',
      'bad',
      ({ ready }) => ({ ready: { ...ready, ok: false, db: { ok: false, error: 'scores cannot be written' } } }),
      'Scores cannot be written.',
    ],
    [
      'a database that takes no scores',
      'bad',
      ({ ready }) => ({ ready: { ...ready, ok: false, db: { ok: false, error: 'permission denied' } } }),
      'Scores cannot be written: permission denied.',
    ],
    [
      'a feed that is down',
      'bad',
      feed({ state: 'down', since }),
      `The feed is down since ${timeText(NOW_MS - 60_000)}: scores stand still.`,
    ],
    [
      'a late feed',
      'warn',
      feed({ state: 'delayed', since }),
      `The feed is delayed since ${timeText(NOW_MS - 60_000)}.`,
    ],
    ['matches without a feed', 'warn', feed({ no_feed: 2 }), '2 live matches have no feed.'],
    [
      'a kill switch',
      'bad',
      health({ rollout: { stage: 'legacy', percent: 0, kill_switch: true, max_stage: 'direct' } }),
      'The kill switch is on: every match goes the legacy way here.',
    ],
    ['a disputed match', 'warn', health({ disputed: 1 }), '1 match is disputed.'],
    [
      'a rollback by itself',
      'bad',
      ({ stored }) => {
        const value = stored.rollout?.value;
        if (!value) throw new Error('The sample has a rollout');
        const { setting, change } = value;
        const back = {
          ...value,
          setting: { ...setting, stage: 'legacy', latched: true },
          change: { ...change, reason: 'p95 \u202e' },
        };
        return { stored: { ...stored, rollout: section(back) } };
      },
      'The rollout took itself back to legacy: p95 \\u202e.',
    ],
    [
      'updates that are lost',
      'bad',
      ({ accounting }) => ({ accounting: { ...accounting, unaccounted: 2 } }),
      '2 updates are unaccounted for.',
    ],
    [
      'a sync that did not complete',
      'warn',
      health({ sync: { mode: 'on', running: [], incomplete: ['teams'], off: [] } }),
      'The sync of teams did not complete.',
    ],
    [
      'a check of the host',
      'bad',
      ({ ready }) => ({ ready: { ...ready, checks: { disk: 'down', queue: 'up' } } }),
      "The host's own checks fail: disk.",
    ],
  ])('names %s', (_, level, change, text) => {
    expect(said(change)).toEqual({ level, text, others: [] });
  });

  it('names the worst first, and the rest below it', () => {
    const verdict = said((facts) => ({
      ...health({ disputed: 1 })(facts),
      database: { ok: false, error: null, sinceMs: null },
    }));
    expect(verdict).toMatchObject({ level: 'bad', others: ['1 match is disputed.'] });
    expect(verdict.text).toMatch(/^The database/);
  });

  it('does not call a standby down that has no feed of its own', () => {
    const standby = said((facts) => ({
      health: {
        ...facts.health,
        ...feed({ state: 'down' })(facts),
        lease: { held: false, fence: null, confirmed: true },
      },
    }));
    expect(standby.level).toBe('ok');
    expect(standby.text).toContain('this process stands by');
  });

  it('says since when the host is silent, and that it refuses', () => {
    expect(verdictOf({ kind: 'silent', sinceMs: NOW_MS }).text).toBe(
      `No answer from the host since ${timeText(NOW_MS)}.`,
    );
    expect(verdictOf({ kind: 'silent', sinceMs: null }).text).toBe('No answer from the host.');
    expect(verdictOf({ kind: 'refused', status: 404, sinceMs: null }).text).toContain('sign in');
    expect(verdictOf({ kind: 'refused', status: 500, sinceMs: null }).text).toBe('The host answers 500.');
  });
});
