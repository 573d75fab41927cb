import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ClientUnderTest } from '../../test/client/client-under-test.js';
import { comparePositionTexts, FakeLiveServer, type Told } from '../../test/client/fake-live-server.js';
import { cases } from '../../test/support/long-form.js';
import type { ChangeFrame } from '../broadcast/ports/match-frames.js';

const MATCHES = ['m1', 'm2', 'm3'];
const matchIds = fc.constantFrom(...MATCHES);

/** What happens to one version on its way. */
type Way = 'sent' | 'sent-twice' | 'lost' | 'joined-with-the-next';

type Step =
  | {
      readonly kind: 'commit';
      readonly matchId: string;
      readonly isGoal: boolean;
      readonly isNewEpoch: boolean;
      readonly way: Way;
    }
  /** an older frame comes once more, by whatever way */
  | { readonly kind: 'repeat'; readonly matchId: string; readonly back: number }
  | { readonly kind: 'cut'; readonly isAnsweredBefore: boolean }
  | { readonly kind: 'wait'; readonly ms: number };

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      matchId: matchIds,
      isGoal: fc.boolean(),
      isNewEpoch: fc.integer({ min: 0, max: 15 }).map((dice) => dice === 0),
      way: fc.constantFrom<Way>('sent', 'sent', 'sent', 'sent-twice', 'lost', 'joined-with-the-next'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), matchId: matchIds, back: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), isAnsweredBefore: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(2_500) }) },
);

/** A client and its server, with all that the client was told and what it held at each time. */
class Play {
  readonly test: ClientUnderTest;
  readonly server = new FakeLiveServer();
  /** what the client held of each match, in order, with the frame that brought it */
  readonly held = new Map<string, Told[]>(MATCHES.map((matchId) => [matchId, []]));
  /** joined so far and not sent, by match */
  readonly #joined = new Map<string, string>();
  readonly #sent = new Map<string, ChangeFrame[]>();

  constructor(replay: boolean) {
    this.test = new ClientUnderTest({ select: { all: true }, replay });
    for (const matchId of MATCHES) {
      this.server.commit(matchId, { isGoal: false, isNewEpoch: false });
      this.test.client.subscribeTo(matchId, () => {
        const { position } = this.test.client.match(matchId)!;
        this.held.get(matchId)!.push({ position, previous: this.server.lastTold(matchId)!.previous });
      });
    }
    this.test.client.start();
    this.server.serve(this.test.socket);
  }

  run(step: Step): void {
    if (step.kind === 'commit') this.#commit(step);
    if (step.kind === 'repeat')
      this.server.tell(...(this.#sent.get(step.matchId) ?? []).slice(-1 - step.back).slice(0, 1));
    if (step.kind === 'cut') this.cut(step.isAnsweredBefore);
    if (step.kind === 'wait') this.#wait(step.ms);
  }

  cut(isAnsweredBefore: boolean): void {
    if (isAnsweredBefore) this.#wait(1_000);
    this.test.socket.end();
    this.#joined.clear();
    this.test.timers.advance(this.test.timers.nextMs);
    this.server.serve(this.test.socket);
  }

  #wait(ms: number): void {
    this.test.timers.advance(ms);
    this.server.tell({ type: 'PING', timestamp: 1 });
    this.server.answer();
  }

  #commit({ matchId, way, ...what }: Extract<Step, { kind: 'commit' }>): void {
    const frame = this.server.commit(matchId, what);
    const previous = this.#joined.get(matchId) ?? frame.previous;
    this.#joined.delete(matchId);
    if (way === 'joined-with-the-next') this.#joined.set(matchId, previous);
    if (way === 'lost' || way === 'joined-with-the-next') return;
    const sent = previous === frame.previous ? frame : { ...frame, previous, conflated: true as const };
    this.#sent.set(matchId, [...(this.#sent.get(matchId) ?? []), sent]);
    this.server.tell(sent, ...(way === 'sent-twice' ? [sent] : []));
  }
}

function play(replay: boolean, history: readonly Step[]): Play {
  const played = new Play(replay);
  for (const step of history) {
    played.run(step);
    for (const [matchId, position] of played.server.newestTold)
      expect(played.test.client.match(matchId)?.position).toBe(position);
  }
  played.cut(true);
  return played;
}

const histories = fc.array(steps, { minLength: 1, maxLength: 80, size: 'max' });

describe('a client on a bad network', () => {
  it('holds the newest state that reached it, with the score of that version, and at last the row', () => {
    fc.assert(
      fc.property(fc.boolean(), histories, (replay, history) => {
        const { test, server } = play(replay, history);
        for (const matchId of MATCHES)
          expect(test.client.match(matchId)).toEqual(server.viewOf(server.newest(matchId)!));
      }),
      { numRuns: cases(80, 3_000) },
    );
  });

  it('never shows an older version, or a score of another one', () => {
    fc.assert(
      fc.property(fc.boolean(), histories, (replay, history) => {
        for (const held of play(replay, history).held.values()) {
          const positions = held.map(({ position }) => position);
          expect(positions).toEqual([...positions].sort(comparePositionTexts));
        }
      }),
      { numRuns: cases(60, 2_000) },
    );
  });

  it('tells no goal twice, and each with the score of its version', () => {
    fc.assert(
      fc.property(fc.boolean(), histories, (replay, history) => {
        const { test, server } = play(replay, history);
        const goals = test.told('goal').map(({ match, position }) => `${match.matchId} ${position}`);
        expect(new Set(goals).size).toBe(goals.length);
        for (const { match, position, goal } of test.told('goal')) {
          const version = server.history.get(match.matchId)?.find((one) => one.position === position);
          expect(goal.homeScore).toBe(version?.homeScore);
        }
      }),
      { numRuns: cases(60, 2_000) },
    );
  });

  it('with `replay` misses no goal of an epoch that it resumes in', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const oneEpoch = history.map((step) => {
          if (step.kind !== 'commit') return step;
          return {
            ...step,
            isNewEpoch: false,
            way: step.way === 'joined-with-the-next' ? ('sent' as const) : step.way,
          };
        });
        const { test, server } = play(true, oneEpoch);
        for (const matchId of MATCHES) {
          const scored = server.history.get(matchId)!.filter(({ events }) => events.length > 0);
          const told = test.told('goal').filter(({ match }) => match.matchId === matchId);
          expect(told.map(({ position }) => position).sort(comparePositionTexts)).toEqual(
            scored.map(({ position }) => position),
          );
        }
      }),
      { numRuns: cases(60, 2_000) },
    );
  });

  it('reports every version that no frame and no snapshot covered', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const played = play(false, history);
        for (const matchId of MATCHES) expect(uncoveredOf(played, matchId)).toEqual([]);
      }),
      { numRuns: cases(80, 3_000) },
    );
  });
});

interface Span {
  readonly had: string;
  readonly position: string;
}

/** The versions of which neither a change that continued what was held, nor a snapshot, nor a gap speaks. */
function uncoveredOf({ test, server, held }: Play, matchId: string): string[] {
  const gaps: Span[] = test.told('gap').filter((gap) => gap.matchId === matchId);
  const [first, ...later] = held.get(matchId)!;
  let had = first!.position;
  const steps = later.flatMap(({ position, previous }) => {
    const isCovered = previous === null || previous === had;
    const span = { had, position };
    had = position;
    return isCovered ? [span] : [];
  });
  return server.history
    .get(matchId)!
    .map(({ position }) => position)
    .filter((position) => comparePositionTexts(position, first!.position) > 0)
    .filter((position) => ![...gaps, ...steps].some((span) => isWithin(position, span)));
}

function isWithin(position: string, span: Span): boolean {
  return comparePositionTexts(position, span.had) > 0 && comparePositionTexts(position, span.position) <= 0;
}
