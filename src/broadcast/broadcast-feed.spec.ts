import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { cases } from '../../test/support/long-form.js';
import { ScriptedJournal } from '../../test/support/scripted-journal.js';
import { toldGoal } from '../../test/support/told.js';
import { VirtualClock, VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { STANDARD_TIMES } from '../contracts/match-times.js';
import { LocalBroadcastBus } from './adapters/local/local-broadcast-bus.js';
import { MatchBoard } from './board/match-board.js';
import type { News, Origin } from './board/news.js';
import { BroadcastFeed } from './broadcast-feed.js';
import type { ClientFrame } from './ports/client-frame.js';
import type { Told } from './ports/told.js';

/** A frame of the first protocol that says which version it is of. */
const frameOf = (matchId: string, version: number) =>
  ({ type: 'SCORE_CHANGE', matchId, version }) as unknown as ClientFrame;
const told = (version: number, fields: Partial<Told> = {}, matchId = 'm1'): Told => ({
  ...toldGoal({ matchId, version }),
  frames: [frameOf(matchId, version)],
  ...fields,
});
const versionIn = ({ version }: Told | News) =>
  (version && 'told' in version ? version.told : version)?.position.version;
const framesIn = ({ frames }: News, matchId?: string) =>
  frames.flatMap((frame) =>
    matchId === undefined || frame.matchId === matchId ? [(frame as unknown as { version: number }).version] : [],
  );

class World {
  readonly time = new VirtualTime();
  readonly board: MatchBoard;
  readonly feed: BroadcastFeed;
  readonly journal = new ScriptedJournal();
  readonly news: News[] = [];

  constructor(maxMatches = 100) {
    const bounds = { maxMatches, replayVersions: 8, currentForMs: 60_000 };
    this.board = new MatchBoard(bounds, new VirtualScheduler(this.time));
    const clock = new VirtualClock(this.time);
    this.feed = new BroadcastFeed(this.board, new LocalBroadcastBus(), clock, STANDARD_TIMES, this.journal);
    this.feed.news$.subscribe((news) => this.news.push(...news));
  }

  hear(origin: Origin, ...versions: number[]): void {
    for (const version of versions) this.feed.deliver([told(version)], origin);
  }

  /** Answers what was asked about the match: all up to that version, or nothing. */
  answer(upTo: number | null, matchId = 'm1'): void {
    const after = this.journal.asked.get(matchId);
    if (!after) return;
    const found = () => range(after.version + 1, upTo ?? 0).map((version) => told(version, {}, matchId));
    this.journal.answer(matchId, upTo === null ? null : found());
  }

  get versions(): (number | undefined)[] {
    return this.news.flatMap((one) => (one.version ? [versionIn(one)] : []));
  }

  /** What clients of the first protocol are sent. */
  get heard(): number[] {
    return this.heardOf();
  }

  heardOf(matchId?: string): number[] {
    return this.news.flatMap((one) => (one.heard ? [] : framesIn(one, matchId)));
  }

  /** What the host's own broadcaster is handed. */
  get handed(): number[] {
    return this.news.flatMap((one) => (one.origin === 'here' ? framesIn(one) : []));
  }

  /** What leaves this process for Centrifugo. */
  get published(): (number | undefined)[] {
    return this.news.flatMap(({ origin, version, repeated }) =>
      origin === 'here' && (version ?? repeated) ? [(version?.told ?? repeated)?.position.version] : [],
    );
  }
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n);
}

let world: World;
beforeEach(() => {
  world = new World();
});

describe('versions that are told', () => {
  it('are news in their order, once, whoever tells them', () => {
    world.hear('bus', 1, 2, 2, 1);
    world.hear('journal', 2, 3);
    world.hear('bus', 3, 4);
    expect([world.versions, world.heard]).toEqual([range(1, 4), range(1, 4)]);
  });

  it('wait for those before them, which the journal knows', () => {
    world.hear('bus', 1, 3, 4);
    expect([world.versions, world.journal.asked.get('m1')?.version]).toEqual([[1], 1]);
    world.answer(4);
    world.hear('bus', 4, 5);
    expect([world.versions, world.heard]).toEqual([range(1, 5), range(1, 5)]);
    expect(world.news.some(({ version }) => version?.jumped)).toBe(false);
  });

  it('leap, and say so, when nobody knows those before them', () => {
    world.hear('bus', 1, 3, 4);
    world.answer(null);
    expect(world.news.flatMap(({ version }) => (version ? [[version.previous.version, version.jumped]] : []))).toEqual([
      [0, false],
      [1, true],
      [3, false],
    ]);
  });

  it('are told when more is held back of a match than there is room for', () => {
    world.hear('bus', 1, ...range(3, 503));
    expect(world.versions).toEqual([1, ...range(3, 503)]);
    world.hear('bus', 504);
    world.answer(504);
    expect([world.versions.at(-1), world.heard]).toEqual([504, [1, ...range(3, 504)]]);
  });

  it('take nothing from the clock that was told between them', () => {
    world.hear('bus', 1);
    const clock = { ...(told(1).version?.clock as NonNullable<Told['clock']>), addedAnnouncedMinutes: 4 };
    world.feed.deliver([told(1, {}), { matchId: 'm1', frames: [], clock }, told(2)], 'bus');
    expect(world.news.at(-2)?.clock).toEqual({ position: { epoch: 1, version: 1 }, clock });
    expect(world.board.get('m1')?.clock.addedAnnouncedMinutes).toBeNull();
    world.feed.deliver([told(4), { matchId: 'm1', frames: [], clock }, told(5)], 'bus');
    world.answer(5);
    expect(world.news.at(-2)?.clock?.position.version).toBe(4);
    expect(world.board.get('m1')?.clock.addedAnnouncedMinutes).toBeNull();
  });

  it('that cannot be taken harm nobody who found them: the next ones are told', () => {
    const failed = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    world.hear('bus', 1, 3);
    const take = jest.spyOn(world.board, 'take').mockImplementationOnce(() => {
      throw new Error('no memory');
    });
    world.answer(3);
    expect(failed).toHaveBeenCalledTimes(1);
    world.hear('bus', 2, 3);
    expect(world.versions).toEqual([1, 2, 3]);
    for (const spy of [failed, take]) spy.mockRestore();
  });

  it('are restated when the row was written beside its version, and then told again', () => {
    world.hear('bus', 1);
    const { version } = told(1);
    if (!version) throw new Error('A goal has a version');
    const restated = { ...version, previous: version.position, state: { ...version.state, homeScore: 5 } };
    for (let n = 0; n < 2; n++) world.feed.deliver([told(1, { version: restated })], 'bus');
    expect(world.news.map(({ version: one }) => one?.restated)).toEqual([false, true]);
    expect(world.heard).toEqual([1, 1]);
    expect(world.board.get('m1')?.isRestated).toBe(true);
  });

  it('go on from where the database went back to', () => {
    world.hear('bus', ...range(1, 5));
    const { version } = told(3);
    if (!version) throw new Error('A goal has a version');
    const beside = { competitionId: 'c1', details: { cards: [], substitutions: [], predictions: [] } };
    world.feed.restored([{ ...version, matchId: 'm1', beside }]);
    expect(world.news.at(-1)).toMatchObject({ reset: true, frames: [] });
    world.hear('bus', 4);
    expect([world.versions.at(-1), world.heard.at(-1)]).toEqual([4, 4]);
  });

  it('are told of a match that has left the board, while something of it was held back', () => {
    world = new World(1);
    world.hear('bus', 1, 3);
    world.feed.deliver([told(1, {}, 'm2')], 'bus');
    expect(world.board.get('m1')).toBeUndefined();
    world.answer(3);
    expect(world.board.get('m1')?.position.version).toBe(3);
    expect(world.heard).toEqual([1, 1, 2, 3]);
  });
});

describe('what is committed here', () => {
  it('is heard at once by clients of the first protocol, though versions before it are missing', () => {
    world.hear('bus', 1);
    world.hear('here', 3);
    expect([world.versions, world.heard]).toEqual([[1], [1, 3]]);
    world.answer(4);
    // 2 is older than what they have; 4 is somebody else's and new
    expect([world.versions, world.heard]).toEqual([range(1, 4), [1, 3, 4]]);
    expect([world.handed, world.published]).toEqual([[3], [3]]);
  });

  it('is handed to the host and published, though the journal told it first', () => {
    world.hear('bus', 1);
    world.hear('journal', 2);
    world.hear('here', 2);
    expect([world.versions, world.heard, world.handed, world.published]).toEqual([[1, 2], [1, 2], [2], [2]]);
  });

  it('is heard though a client had its row read before', () => {
    const { version } = told(2);
    if (!version) throw new Error('A goal has a version');
    const beside = { competitionId: null, details: { cards: [], substitutions: [], predictions: [] } };
    world.board.takeRow({ ...version, matchId: 'm1', beside }, 0);
    world.hear('here', 2);
    expect([world.versions, world.heard, world.published]).toEqual([[], [2], [2]]);
  });

  it('is told once more after a takeover, to all', () => {
    world.hear('bus', 1, 2);
    world.feed.deliver([told(2, { again: true })], 'here');
    expect([world.versions, world.heard, world.published]).toEqual([[1, 2], [1, 2, 2], [2]]);
  });

  it('is no state of a match that the board does not know: its row may be far ahead', () => {
    world.feed.deliver([told(2, { again: true })], 'here');
    expect([world.versions, world.heard, world.published, world.board.get('m1')]).toEqual([[], [2], [2], undefined]);
    world.hear('here', 7);
    expect([world.versions, world.board.get('m1')?.position.version]).toEqual([[7], 7]);
  });
});

describe('catching up', () => {
  it('brings what the journal has, and holds nothing back meanwhile', async () => {
    world.hear('bus', 1);
    const caughtUp = world.feed.catchUp('m1');
    world.hear('bus', 2);
    expect(world.versions).toEqual([1, 2]);
    world.answer(3);
    await caughtUp;
    world.hear('bus', 3);
    expect([world.versions, world.heard]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it.each([
    ['cannot be asked', () => world.answer(null)],
    ['has nothing', () => world.answer(1)],
    ['is told by the bus, until too much is held', () => world.hear('bus', ...range(3, 503))],
  ])('ends when the journal %s', async (_name, happens) => {
    world.hear('bus', 1);
    const caughtUp = world.feed.catchUp('m1');
    happens();
    await caughtUp;
  });

  it('ends at once for a match that nobody knows, and where no journal is asked', async () => {
    await world.feed.catchUp('nobody');
    const { board, time } = world;
    const alone = new BroadcastFeed(board, new LocalBroadcastBus(), new VirtualClock(time));
    alone.deliver([told(1)], 'bus');
    await alone.catchUp('m1');
    alone.deliver([told(4)], 'bus');
    expect(board.get('m1')?.position.version).toBe(4);
  });
});

type Fate = 'told' | 'lost' | 'delayed';
type Step =
  | { readonly kind: 'commit'; readonly matchId: string; readonly by: 'here' | 'bus'; readonly fate: Fate }
  | { readonly kind: 'late' | 'repeat'; readonly pick: number }
  | { readonly kind: 'answer'; readonly matchId: string; readonly fails: boolean }
  | { readonly kind: 'poll'; readonly matchId: string };

const matchId = fc.constantFrom('m1', 'm2');
const step = (fails: boolean): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('commit' as const),
        matchId,
        by: fc.constantFrom<('here' | 'bus')[]>('bus', 'bus', 'bus', 'here'),
        fate: fc.constantFrom<Fate[]>('told', 'told', 'lost', 'delayed'),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('late' as const, 'repeat' as const), pick: fc.nat() }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('answer' as const),
        matchId,
        fails: fails ? fc.boolean() : fc.constant(false),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('poll' as const), matchId }) },
  );

interface Run {
  readonly world: World;
  readonly committed: ReadonlyMap<string, number>;
  readonly here: readonly string[];
  readonly catchUps: readonly Promise<boolean>[];
}

/** Lets it all happen; in the end everything that is asked is answered. */
function play(steps: readonly Step[]): Run {
  const played = new World();
  const committed = new Map<string, number>();
  const here: string[] = [];
  const sent: Told[] = [];
  const delayed: Told[] = [];
  const catchUps: Promise<boolean>[] = [];
  const deliver = (one: Told, origin: Origin) => played.feed.deliver([one], origin);
  for (const one of steps) {
    switch (one.kind) {
      case 'commit': {
        const version = (committed.get(one.matchId) ?? 0) + 1;
        committed.set(one.matchId, version);
        const change = told(version, {}, one.matchId);
        if (one.by === 'here') here.push(`${one.matchId} ${version}`);
        if (one.by === 'here') deliver(change, 'here');
        else if (one.fate === 'delayed') delayed.push(change);
        else if (one.fate === 'told') deliver(change, 'bus');
        sent.push(change);
        break;
      }
      case 'late': {
        const [late] = delayed.splice(one.pick % Math.max(1, delayed.length), 1);
        if (late) deliver(late, 'bus');
        break;
      }
      case 'repeat': {
        const known = sent[one.pick % Math.max(1, sent.length)];
        if (known && !delayed.includes(known)) deliver(known, 'bus');
        break;
      }
      case 'answer':
        played.answer(one.fails ? null : (committed.get(one.matchId) ?? 0), one.matchId);
        break;
      case 'poll':
        catchUps.push(played.feed.catchUp(one.matchId));
    }
  }
  for (const id of committed.keys()) catchUps.push(played.feed.catchUp(id));
  for (const [id, version] of committed) played.answer(version, id);
  return { world: played, committed, here, catchUps };
}

const ofMatch = (news: readonly News[], id: string) =>
  news.flatMap(({ version }) => (version?.told.state.matchId === id ? [version] : []));

/** In order, none twice, each continues the one before, and a leap is called one. */
function expectInOrder(news: readonly News[], id: string): void {
  let at: number | null = null;
  for (const { told: one, previous, jumped } of ofMatch(news, id)) {
    if (at !== null) expect(previous.version).toBe(at);
    expect(one.position.version).toBeGreaterThan(previous.version);
    expect(jumped).toBe(one.position.version > previous.version + 1);
    at = one.position.version;
  }
}

describe('whatever gets lost, comes late, twice or in another order', () => {
  it('versions are in order and none twice, and whoever waits is answered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step(true), { maxLength: 60 }), async (steps) => {
        const { world: played, committed, catchUps } = play(steps);
        for (const [id, newest] of committed) {
          expectInOrder(played.news, id);
          if (played.board.get(id)) expect(played.board.get(id)?.position.version).toBe(newest);
        }
        await Promise.all(catchUps);
        // nothing is held back any more
        const before = played.news.length;
        for (const [id, newest] of committed) played.feed.deliver([told(newest + 1, {}, id)], 'bus');
        expect(played.news.length).toBe(before + committed.size);
      }),
      { seed: 15, numRuns: cases(300, 50_000) },
    );
  });

  it('every version is told once while the journal can be asked', () => {
    fc.assert(
      fc.property(fc.array(step(false), { maxLength: 60 }), (steps) => {
        const { world: played, committed } = play(steps);
        for (const [id, newest] of committed) {
          const versions = ofMatch(played.news, id).map(({ told: one }) => one.position.version);
          expect(versions).toEqual(versions.length > 0 ? range(versions[0] ?? 0, newest) : []);
        }
      }),
      { seed: 15, numRuns: cases(300, 50_000) },
    );
  });

  it('clients of the first protocol hear each version once, and never an older one after a newer one', () => {
    fc.assert(
      fc.property(fc.array(step(true), { maxLength: 60 }), (steps) => {
        const { world: played, committed } = play(steps);
        for (const id of committed.keys()) {
          const heard = played.heardOf(id);
          expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
        }
      }),
      { seed: 15, numRuns: cases(300, 50_000) },
    );
  });

  it('clients of the first protocol hear every version, but those that are older than what was committed here', () => {
    fc.assert(
      fc.property(fc.array(step(false), { maxLength: 60 }), (steps) => {
        const { world: played, committed, here } = play(steps);
        for (const [id, newest] of committed) {
          const heard = played.heardOf(id);
          const missing = range(heard[0] ?? newest + 1, newest).filter((version) => !heard.includes(version));
          for (const version of missing) {
            const follows = heard.find((one) => one > version);
            expect(here).toContain(`${id} ${follows}`);
          }
        }
      }),
      { seed: 15, numRuns: cases(300, 50_000) },
    );
  });

  it('what was committed here is handed on once, in order', () => {
    fc.assert(
      fc.property(fc.array(step(true), { maxLength: 60 }), (steps) => {
        const { world: played, here } = play(steps);
        const published = played.news.flatMap(({ origin, version, repeated }) => {
          const one = version?.told ?? repeated;
          return origin === 'here' && one ? [`${one.state.matchId} ${one.position.version}`] : [];
        });
        expect([...published].sort()).toEqual([...here].sort());
        expect(played.handed).toHaveLength(here.length);
      }),
      { seed: 15, numRuns: cases(300, 50_000) },
    );
  });
});
