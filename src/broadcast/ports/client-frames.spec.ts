import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  scoreCommitted as change,
  matchState,
  SAMPLE_NOW_MS as NOW,
  slots,
} from '../../../test/support/committed-changes.js';
import type { IncidentsCommitted, ScoreCommitted } from '../../contracts/committed-changes.js';
import { MatchTimes } from '../../contracts/match-times.js';
import { incidentKey } from '../../domain/incident-list.js';
import { MatchStatus } from '../../domain/match-status.js';
import type { Incident } from '../../domain/match-update.js';
import { framesOf } from './client-frames.js';

/** A frame as a client parses it. */
const wire = (value: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(value));
const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../../test/fixtures/ws/ws-${name}.json`, import.meta.url), 'utf8'));

const CLOCK = {
  period: 'second-half',
  startedAt: 1_768_664_000,
  baseSeconds: 2_700,
  normalSeconds: 2_700,
  addedAnnouncedMinutes: null,
  running: true,
  estimated: false,
};
const PROVENANCE = { version: 12, epoch: 1, source: 'mqtt', receivedAt: NOW - 9, clock: CLOCK };
const goal = { type: 'goal', side: 'home', homeScore: 2, awayScore: 1 } as const;
const scored = { type: 'score-changed', homeScore: 2, awayScore: 1 } as const;
const typesOf = (committed: ScoreCommitted) => framesOf(committed, NOW).map((frame) => frame.type);

describe('frames of a score change', () => {
  it('announces a goal with the scorer and the committed status and minute, then the score', () => {
    const committed = change({ home: slots(2) }, [{ ...goal, time: 67, playerId: 'p1', playerName: 'A' }, scored]);
    expect(wire(framesOf(committed, NOW))).toEqual([
      { ...fixture('goal'), ...PROVENANCE },
      { ...fixture('score-change'), ...PROVENANCE },
    ]);
  });

  it('gives each of two goals of one commit its own score', () => {
    const committed = change({ home: slots(2), away: slots(2) }, [
      { ...goal, time: null, playerId: null, playerName: null },
      { ...goal, side: 'away', awayScore: 2, time: null, playerId: null, playerName: null },
      { ...scored, awayScore: 2 },
    ]);
    expect(wire(framesOf(committed, NOW))).toMatchObject([
      { type: 'GOAL', homeScore: 2, awayScore: 1, optimistic: { homeScore: 2, awayScore: 1 }, time: null },
      { type: 'GOAL', homeScore: 2, awayScore: 2, optimistic: { homeScore: 2, awayScore: 2 } },
      { type: 'SCORE_CHANGE', homeScore: 2, awayScore: 2 },
    ]);
  });

  it('marks goals found by recovery, and only those', () => {
    const event = { ...goal, time: 67, playerId: 'p1', playerName: 'A' };
    const late = wire(framesOf(change({}, [event], { catchUp: true }), NOW)[0]);
    expect(late).toMatchObject({ catchUp: true });
    expect(wire(framesOf(change({}, [event]), NOW)[0])).not.toHaveProperty('catchUp');
  });

  it('follows a cancelled goal with the lower score, which lists need', () => {
    const committed = change({}, [
      { type: 'goal-cancelled', side: 'home', homeScore: 1, awayScore: 1, previousHomeScore: 2, previousAwayScore: 1 },
    ]);
    expect(wire(framesOf(committed, NOW))).toEqual([
      { ...fixture('goal-cancelled'), ...PROVENANCE, timestamp: NOW },
      {
        ...fixture('score-change'),
        ...PROVENANCE,
        homeScore: 1,
        optimistic: expect.objectContaining({ homeScore: 1 }),
      },
    ]);
  });

  it('sends statusId and newStatus with a filled optimistic part', () => {
    const after = { matchId: 'dn1m1ghlpg3vmoe', status: MatchStatus.HalfTime, minute: 45 };
    const committed = change(after, [
      { type: 'state-changed', from: MatchStatus.FirstHalf, to: MatchStatus.HalfTime },
      { type: 'half-time' },
    ]);
    expect(wire(framesOf(committed, NOW))).toEqual([
      {
        ...fixture('match-state-change'),
        ...PROVENANCE,
        clock: { ...CLOCK, period: 'half-time', startedAt: null, normalSeconds: 0, running: false },
        timestamp: NOW,
      },
    ]);
  });

  it('sends the minute alone when nothing else carries it', () => {
    const committed = change({ minute: 68 }, [{ type: 'minute-changed', minute: 68 }]);
    expect(wire(framesOf(committed, NOW))).toEqual([{ ...fixture('minute-update'), ...PROVENANCE, timestamp: NOW }]);
  });

  it('orders state, cancellations, goals, score, and does not repeat the minute', () => {
    const committed = change({ minute: 68 }, [
      { type: 'minute-changed', minute: 68 },
      scored,
      { ...goal, time: 68, playerId: null, playerName: null },
      { type: 'goal-cancelled', side: 'away', homeScore: 1, awayScore: 0, previousHomeScore: 1, previousAwayScore: 1 },
      { type: 'state-changed', from: MatchStatus.HalfTime, to: MatchStatus.SecondHalf },
    ]);
    expect(typesOf(committed)).toEqual(['MATCH_STATE_CHANGE', 'GOAL_CANCELLED', 'GOAL', 'SCORE_CHANGE']);
  });

  it('shows the display score: shoot-out goals included', () => {
    const after = { status: MatchStatus.Shootout, home: slots(1, 2, 5), away: slots(1, 2, 4), minute: 120 };
    const committed = change(after, [{ type: 'score-changed', homeScore: 7, awayScore: 6 }]);
    expect(wire(framesOf(committed, NOW)[0])).toMatchObject({
      homeScore: 7,
      awayScore: 6,
      optimistic: { homeScore: 7, awayScore: 6, minuteText: 'PEN', statusId: 7 },
    });
  });

  it('tells of a foreign change without a goal when its events have none', () => {
    const committed = change({ home: slots(2) }, [scored], { source: 'foreign' });
    expect(typesOf(committed)).toEqual(['SCORE_CHANGE']);
    expect(framesOf(committed, NOW)[0]).toMatchObject({ source: 'foreign' });
  });

  it('has nothing to say about cards in the score tuple or kick-off times', () => {
    expect(typesOf(change({}, [{ type: 'red-card', side: 'home', count: 1 }]))).toEqual([]);
    expect(typesOf(change({}, []))).toEqual([]);
  });
});

describe('the clock in frames', () => {
  const minute = { type: 'minute-changed', minute: 62 } as const;
  const [firstHalfS, secondHalfS] = [1_768_660_000, 1_768_664_000];
  const at = (kickoffs: object) => matchState({ kickoffs: { firstHalfS, secondHalfS, overtimeS: null, ...kickoffs } });

  it('names a corrected kick-off, whatever else the frame tells', () => {
    const before = at({ secondHalfS: secondHalfS - 300 });
    expect(framesOf(change({}, [scored], { before }), NOW)).toMatchObject([
      { type: 'SCORE_CHANGE', kickoffCorrected: true, clock: { startedAt: secondHalfS } },
    ]);
    expect(framesOf(change({}, [scored], { before: at({}) }), NOW)[0]).not.toHaveProperty('kickoffCorrected');
  });

  it('tells of a corrected kick-off alone, for those who get no minutes', () => {
    const before = at({ secondHalfS: secondHalfS - 300 });
    expect(framesOf(change({}, [minute], { before }), NOW)).toMatchObject([
      { type: 'MINUTE_UPDATE', kickoffCorrected: true },
      { type: 'CLOCK_CHANGE', statusId: 4, kickoffCorrected: true, clock: { startedAt: secondHalfS } },
    ]);
  });

  it('tells of the first kick-off of a period, which corrects an estimate and nothing else', () => {
    const estimated = at({ secondHalfS: null });
    expect(framesOf(change({}, [], { before: estimated }), NOW)).toMatchObject([
      { type: 'CLOCK_CHANGE', kickoffCorrected: true },
    ]);
    const unknown = at({ firstHalfS: null, secondHalfS: null });
    const [frame] = framesOf(change({}, [], { before: unknown }), NOW);
    expect(frame).toMatchObject({ type: 'CLOCK_CHANGE', clock: { startedAt: secondHalfS } });
    expect(frame).not.toHaveProperty('kickoffCorrected');
  });

  it('a new period begins, and corrects nothing; one that begins again does', () => {
    const moved = { type: 'state-changed', from: 3, to: 4 } as const;
    const halfTime = { ...at({ secondHalfS: null }), status: MatchStatus.HalfTime };
    expect(framesOf(change({}, [moved], { before: halfTime }), NOW)[0]).not.toHaveProperty('kickoffCorrected');
    const interrupted = { ...at({ secondHalfS: secondHalfS - 1_200 }), status: MatchStatus.Interrupted };
    expect(framesOf(change({}, [moved], { before: interrupted }), NOW)[0]).toMatchObject({ kickoffCorrected: true });
  });

  it('follows the format of the match and the added time that was announced', () => {
    class Youth extends MatchTimes {
      override formatOf = () => ({ halfMinutes: 30, extraHalfMinutes: 10 });
      override addedMinutesOf = () => 4;
      override isFormatDisputed = () => false;
      override lastClockOf = (matchId: string) => this.clockOf({ ...at({}), matchId });
    }
    const times = new Youth();
    expect(framesOf(change({ minute: 62 }, [scored]), NOW, times)).toMatchObject([
      {
        optimistic: { minuteText: "60+2'" },
        clock: { baseSeconds: 1_800, normalSeconds: 1_800, addedAnnouncedMinutes: 4 },
      },
    ]);
    const fresh = [{ type: 3, position: 1, time: 61 }];
    const card = {
      kind: 'incidents',
      matchId: 'm',
      fresh,
      corrected: [],
      receivedAtMs: NOW,
      committedAtMs: NOW,
    } as const;
    expect(framesOf(card, NOW, times)).toMatchObject([{ type: 'CARD', clock: { baseSeconds: 1_800 } }]);
  });
});

describe('frames of fresh incidents', () => {
  const frames = (fresh: readonly Incident[], corrected: IncidentsCommitted['corrected'] = []) => {
    const committed: IncidentsCommitted = {
      kind: 'incidents',
      matchId: 'l7oqdehg6ko3r51',
      fresh,
      corrected,
      receivedAtMs: NOW - 5,
      committedAtMs: NOW,
    };
    return wire(framesOf(committed, NOW));
  };

  it('tells announced added time', () => {
    const added = { type: 19, position: 0, time: 4 };
    const key = { incidentKey: incidentKey(added) };
    expect(frames([added])).toEqual([
      { type: 'ADDED_TIME', matchId: 'l7oqdehg6ko3r51', time: 4, ...key, optimistic: null, timestamp: NOW },
    ]);
  });

  it('tells a card that was moved to another player as a correction, not as a second card', () => {
    const before = { type: 3, position: 1, time: 70, player_id: 'p5', player_name: 'E' };
    const after = { ...before, player_id: 'p6', player_name: 'F', time: 71 };
    const { type: _card, ...card } = fixture('card') as Record<string, unknown>;
    expect(frames([], [{ before, after }])).toEqual([
      {
        ...card,
        ...{ type: 'CARD_CORRECTED', cardType: 'YELLOW', playerId: 'p6', playerName: 'F', time: 71 },
        ...{ previousTime: 70, previousPlayerId: 'p5', previousPlayerName: 'E', timestamp: NOW },
        incidentKey: incidentKey(after),
      },
    ]);
  });

  it('tells a corrected substitution, and nothing of a corrected goal', () => {
    const off = { type: 9, position: 1, time: 60, in_player_id: 'i', out_player_id: 'o' };
    const goal = { type: 1, position: 1, time: 60 };
    const corrected = [
      { before: { type: 9 }, after: off },
      { before: goal, after: { ...goal, player_id: 'p' } },
    ];
    expect(frames([], corrected)).toMatchObject([
      {
        type: 'SUBSTITUTION_CORRECTED',
        inPlayerId: 'i',
        outPlayerId: 'o',
        previousTime: null,
        previousInPlayerId: null,
        incidentKey: incidentKey(off),
      },
    ]);
  });

  it.each([
    [3, 'YELLOW'],
    [4, 'RED'],
    [15, 'RED'],
  ])('announces an incident of type %i as a %s card', (type, cardType) => {
    const card = { type, position: 1, time: 70, player_id: 'p5', player_name: 'E' };
    expect(frames([card])).toEqual([{ ...fixture('card'), cardType, incidentKey: incidentKey(card), timestamp: NOW }]);
  });

  it('fills a substitution from the players that came in and went out', () => {
    const incident: Incident = {
      type: 9,
      position: 1,
      time: 60,
      player_id: 'wrong',
      in_player_id: 'p3',
      in_player_name: 'C',
      out_player_id: 'p4',
      out_player_name: 'D',
    };
    expect(frames([incident])).toEqual([
      { ...fixture('substitution'), incidentKey: incidentKey(incident), timestamp: NOW },
    ]);
  });

  it('sends null for unknown players and nothing for other incidents, goals among them', () => {
    expect(
      frames([
        { type: 1, position: 1, time: 5 },
        { type: 28, position: 0, time: 6 },
      ]),
    ).toEqual([]);
    expect(frames([{ type: 3, position: 2, time: 7 }])).toMatchObject([{ playerId: null, playerName: null }]);
    expect(frames([{ type: 9, position: 2, time: 7 }])).toMatchObject([{ inPlayerId: null, outPlayerName: null }]);
  });
});
