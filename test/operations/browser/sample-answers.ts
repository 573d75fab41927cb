import type { DeadLetterAnswer, LetterStored, MatchAnswer } from '../../../src/operations/facts.js';
import { liveMatch, NOW_MS } from './sample-stored.js';

export function sampleLetter(more: Partial<LetterStored> = {}): LetterStored {
  return {
    id: '12',
    reason: 'malformed',
    detail: 'score is no list',
    matchId: 'm4',
    topic: 'thesports/football/match/v1',
    bytes: 211,
    receivedAtMs: NOW_MS - 9_000,
    redrives: 0,
    isWaiting: false,
    ...more,
  };
}

export function sampleLetterText(text: string): DeadLetterAnswer {
  return { ...sampleLetter(), text, isTextWhole: true };
}

/** A match with something in each lane. */
export function sampleMatch(matchId: string, more: Partial<MatchAnswer> = {}): MatchAnswer {
  return {
    nowMs: NOW_MS,
    matchId,
    row: {
      ...liveMatch(matchId),
      kickoffAtMs: NOW_MS - 5_400_000,
      providerTimeMs: null,
      updatedAtMs: NOW_MS,
      isLive: true,
    },
    error: null,
    pin: null,
    explanation: { matchId, disputed: false, feed: 'live', decisions: [] },
    timeline: [
      {
        lane: 'frame',
        atMs: NOW_MS - 20_000,
        source: 'mqtt',
        delivery: 'push',
        status: 4,
        score: '2-1',
        kickoff: null,
        outcome: 'applied',
        reason: 'newer',
        version: 13,
        became: 14,
      },
      {
        lane: 'version',
        atMs: NOW_MS - 19_970,
        epoch: 1,
        version: 14,
        source: 'mqtt',
        before: { status: 4, home: 1, away: 1 },
        after: { status: 4, home: 2, away: 1 },
        receivedAtMs: NOW_MS - 20_000,
        isCatchUp: false,
        by: null,
        reason: null,
      },
      { lane: 'announced', atMs: NOW_MS - 19_965, kind: 'goal', text: '2-1', version: 14 },
      { lane: 'foreign', atMs: NOW_MS - 15_000, version: 14, mode: 'on', result: 'held-off' },
      { lane: 'letter', atMs: NOW_MS - 12_000, id: '12', reason: 'malformed', detail: null },
      {
        lane: 'verdict',
        atMs: NOW_MS - 19_900,
        predictionId: 'p1',
        revision: 1,
        market: 'MS 2.5 ÜST',
        verdict: 'won',
        result: 'won',
        certainty: 1,
        reason: 'instant_win_ms',
        score: '2-1',
        isShadow: false,
      },
      { lane: 'word', atMs: NOW_MS - 1_000, says: 'pinned: legacy', by: 'kaan', reason: 'to be sure' },
    ],
    ...more,
  };
}
