import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { journaledGoal, KICKOFF_S, slots } from '../../../test/support/journaled-goal.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../../test/support/virtual-scheduler.js';
import { MatchStatus } from '../../domain/match-status.js';
import { InMemoryRecentChanges } from '../../testing/index.js';
import { positionText } from '../ports/position.js';
import type { Told } from '../ports/told.js';
import { GapFiller } from './gap-filler.js';

const versionsOf = (told: readonly Told[] | null) =>
  told?.map(({ version }) => version && `${positionText(version.previous)} > ${positionText(version.position)}`);

describe('GapFiller', () => {
  let time: VirtualTime;
  let journal: InMemoryRecentChanges;
  let filler: GapFiller;
  let answers: [matchId: string, told: readonly Told[] | null][];
  let warn: jest.SpiedFunction<Logger['warn']>;

  beforeEach(() => {
    warn = jest
      .spyOn(Logger.prototype, 'warn')
      .mockReset()
      .mockImplementation(() => undefined);
    time = new VirtualTime();
    const clock = new VirtualClock(time);
    journal = new InMemoryRecentChanges(clock);
    answers = [];
    filler = new GapFiller(journal, new VirtualScheduler(time), clock);
    filler.answered$.subscribe(({ matchId, versions }) => answers.push([matchId, versions]));
  });

  const texts = () => answers.map(([matchId, told]) => [matchId, versionsOf(told)]);

  it('tells one version for each row of the journal, each of which continues the one before', async () => {
    journal.add(
      ...[5, 6, 7, 8].map((version) => journaledGoal('m', 0, version)),
      journaledGoal('m', 1, 4),
      journaledGoal('m', 1, 5),
    );
    filler.ask('m', { epoch: 0, version: 6 });
    await time.advance(0);
    expect(texts()).toEqual([['m', ['0.6 > 0.7', '0.7 > 0.8', '0.8 > 1.4', '1.4 > 1.5']]]);
    const [first] = answers[0]?.[1] ?? [];
    expect(first?.version).toMatchObject({
      state: {
        matchId: 'm',
        position: '0.7',
        statusId: 2,
        homeScore: 7,
        awayScore: 0,
        source: 'mqtt',
        receivedAt: 1_007,
      },
      committedAt: 2_007,
      clock: { period: 'first-half', startedAt: KICKOFF_S, estimated: false },
    });
    expect(first?.frames.map(({ type }) => type)).toEqual(['GOAL', 'SCORE_CHANGE']);
    expect([time.waiting, answers.length]).toEqual([0, 1]);
  });

  it('tells versions without an event, too: a kick-off alone, a change of somebody else', async () => {
    const same = { status: MatchStatus.FirstHalf, home: slots(1), away: slots(0) };
    const kickoffs = { firstHalfS: null, secondHalfS: null, overtimeS: null };
    const before = { ...same, kickoffs };
    journal.add(
      journaledGoal('m', 0, 1, {
        before,
        announced: before,
        after: { ...same, kickoffs: { ...kickoffs, firstHalfS: KICKOFF_S } },
      }),
      journaledGoal('m', 0, 2, {
        before,
        announced: before,
        after: { ...before, kickoffs: { ...kickoffs, firstHalfS: 5 } },
        source: 'foreign',
      }),
    );
    filler.ask('m', { epoch: 0, version: 0 });
    await time.advance(0);
    expect(texts()).toEqual([['m', ['0.0 > 0.1', '0.1 > 0.2']]]);
    expect(answers[0]?.[1]?.map(({ version }) => [version?.events, version?.clock.startedAt])).toEqual([
      [[], KICKOFF_S],
      [[], 5],
    ]);
  });

  it('leaves a hole of the journal a hole', async () => {
    journal.add(journaledGoal('m', 0, 9), journaledGoal('m', 0, 12));
    filler.ask('m', { epoch: 0, version: 4 });
    await time.advance(0);
    expect(texts()).toEqual([['m', ['0.8 > 0.9', '0.11 > 0.12']]]);
  });

  it('takes format, added time and scheduled start into the clock', async () => {
    const halves = { halfMinutes: 40, extraHalfMinutes: 10 };
    const announcements = [{ type: 19, position: 0, time: 3 }];
    const kickoffs = { firstHalfS: null, secondHalfS: null, overtimeS: null };
    const after = { status: MatchStatus.FirstHalf, home: slots(0), away: slots(0), kickoffs };
    const times = { fallbackKickoffS: KICKOFF_S, format: halves, announcements };
    journal.add(journaledGoal('m', 0, 1, { before: after, after, times }));
    filler.ask('m', { epoch: 0, version: 0 });
    await time.advance(0);
    expect(answers[0]?.[1]?.[0]?.version?.clock).toMatchObject({
      startedAt: KICKOFF_S,
      estimated: true,
      normalSeconds: 2_400,
      addedAnnouncedMinutes: 3,
    });
  });

  it('asks once for all that wait, at most every 20 ms, one query at a time', async () => {
    for (let n = 0; n < 1_200; n++) filler.ask(`m${n}`, { epoch: 0, version: 0 });
    await time.advance(0);
    expect(journal.wanted.map(({ length }) => length)).toEqual([500]);
    await time.advance(19);
    expect(journal.wanted).toHaveLength(1);
    await time.advance(1);
    expect(journal.wanted).toHaveLength(2);
    await time.advance(20);
    expect(journal.wanted.map(({ length }) => length)).toEqual([500, 500, 200]);
    expect(answers).toHaveLength(1_200);
    let answered = (): void => undefined;
    journal.answer = () => new Promise((resolve) => (answered = resolve));
    filler.ask('slow', { epoch: 0, version: 0 });
    await time.advance(20);
    filler.ask('later', { epoch: 0, version: 0 });
    await time.advance(100);
    expect(journal.wanted).toHaveLength(4);
    journal.answer = async () => undefined;
    answered();
    await time.advance(0);
    expect(journal.wanted.slice(3)).toEqual([['slow'], ['later']]);
    await time.advance(1_000);
    expect(time.waiting).toBe(0);
  });

  it('reads on where an answer was cut off', async () => {
    for (const id of ['a', 'b', 'c']) {
      journal.add(...Array.from({ length: 3_000 }, (_, n) => journaledGoal(id, 0, n + 1)));
    }
    for (const id of ['c', 'b', 'a']) filler.ask(id, { epoch: 0, version: 0 });
    await time.advance(60);
    expect(journal.wanted).toEqual([
      ['c', 'b', 'a'],
      ['c', 'b'],
    ]);
    expect(answers.map(([id, told]) => [id, told?.length])).toEqual([
      ['a', 3_000],
      ['c', 3_000],
      ['b', 3_000],
    ]);
    const chain = answers.map(([, told]) => told?.map(({ version }) => version?.position.version));
    expect(chain[2]).toEqual(Array.from({ length: 3_000 }, (_, n) => n + 1));
  });

  it('reads once more for a match that is asked for while the journal is being read', async () => {
    journal.add(journaledGoal('m', 0, 1));
    let answered = (): void => undefined;
    journal.answer = () => new Promise((resolve) => (answered = resolve));
    filler.ask('m', { epoch: 0, version: 0 });
    await time.advance(0);
    journal.add(journaledGoal('m', 0, 2));
    filler.ask('m', { epoch: 0, version: 0 });
    journal.answer = async () => undefined;
    answered();
    await time.advance(20);
    expect(texts()).toEqual([['m', ['0.0 > 0.1', '0.1 > 0.2']]]);
  });

  it('tries again while the journal cannot be read, and gives up after 1 s, with one warning', async () => {
    journal.add(journaledGoal('m', 0, 1));
    journal.answer = async () => {
      throw Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
    };
    filler.ask('m', { epoch: 0, version: 0 });
    await time.advance(500);
    filler.ask('other', { epoch: 0, version: 0 });
    await time.advance(499);
    expect(answers).toEqual([]);
    await time.advance(1);
    expect(answers).toEqual([['m', null]]);
    expect(journal.wanted.length).toBeLessThanOrEqual(11);
    expect(warn).toHaveBeenCalledTimes(1);
    journal.answer = async () => undefined;
    await time.advance(100);
    expect(answers.at(-1)).toEqual(['other', []]);
    await time.advance(1_000);
    expect(time.waiting).toBe(0);
  });

  it('gives up after 1 s when the query hangs, and forgets its late answer', async () => {
    journal.add(journaledGoal('m', 0, 1));
    let answered = (): void => undefined;
    journal.answer = () => new Promise((resolve) => (answered = resolve));
    filler.ask('m', { epoch: 0, version: 0 });
    await time.advance(1_000);
    expect(answers).toEqual([['m', null]]);
    answered();
    await time.advance(100);
    expect(answers).toHaveLength(1);
  });

  it('answers all that wait at its end, and nobody is asked any more', async () => {
    filler.ask('m', { epoch: 0, version: 0 });
    filler.onApplicationShutdown();
    filler.ask('n', { epoch: 0, version: 0 });
    await time.advance(1_000);
    expect(answers).toEqual([
      ['m', null],
      ['n', null],
    ]);
    expect([journal.wanted, time.waiting]).toEqual([[], 0]);
  });
});
