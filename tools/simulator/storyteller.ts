import { MatchStatus } from '../../src/domain/match-status.js';
import { KICKOFF_S } from '../../test/support/history.js';
import type { SeededRandom } from '../../test/support/seeded-random.js';
import { type Climate, mayResume } from './climate.js';
import { encodeFrame } from './encode-frame.js';
import { MatchStory, type Saying } from './match-story.js';
import type { Frame } from './simulated-broker.js';
import type { Owner, VirtualTime } from './virtual-time.js';

const WORLD: Owner = { alive: true };
/** How long the provider still speaks of a match that is over. */
const REMEMBERED_MS = 10 * 60_000;
const RUBBISH = ['{"id":', '42', '{"err":"ip"}', '[["match",2,[0],[0],0]]', '{"id":7,"score":[]}', '[{"no":"id"}]'];

interface Telling {
  readonly story: MatchStory;
  /** number of the saying to come */
  next: number;
}

/** Who hears the stories. */
export interface Audience {
  /** no more than this may be told now */
  readonly tired: boolean;
  begins(story: MatchStory): void;
  hears(frame: Frame): void;
}

/** The provider: plays matches, always as many at the same time, and tells of them in frames. */
export class Storyteller {
  private readonly telling = new Set<Telling>();
  /** what was said first of each moment, and when */
  private readonly said = new Map<MatchStory, { readonly atMs: number; readonly saying: Saying }[]>();
  private begun = 0;
  private rubbish = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: SeededRandom,
    private readonly climate: Climate,
    private readonly audience: Audience,
  ) {}

  /** matches being played */
  get live(): number {
    return this.telling.size;
  }

  /** One of the matches of late. */
  anyMatchId(): string {
    return matchIdOf(Math.max(0, this.begun - 1 - this.random.below(this.climate.matches + 2)));
  }

  begin(): void {
    const startS = Math.floor(KICKOFF_S + this.time.nowMs / 1000);
    const stamped = this.random.next() < this.climate.stamped;
    const story = new MatchStory(matchIdOf(this.begun++), startS, this.random, stamped);
    const telling = { story, next: 0 };
    this.telling.add(telling);
    this.audience.begins(story);
    this.tellSoon(telling);
  }

  /** What the provider knew of each match at that time. */
  at(timeMs: number): readonly Saying[] {
    const known: Saying[] = [];
    for (const [story, said] of this.said) {
      const last = said.findLast(({ atMs }) => atMs <= timeMs);
      if (last) known.push(last.saying);
      if (timeMs - (said.at(-1)?.atMs ?? timeMs) > REMEMBERED_MS) this.said.delete(story);
    }
    return known;
  }

  private tellSoon(telling: Telling): void {
    this.time.after(this.climate.frameEveryMs * 2 * this.random.next(), WORLD, () => {
      if (!this.audience.tired) this.tell(telling);
      if (telling.next < telling.story.sayings.length) this.tellSoon(telling);
      else this.telling.delete(telling);
    });
  }

  private tell(telling: Telling): void {
    const { climate, random } = this;
    if (telling.next >= telling.story.sayings.length) return;
    this.publish([telling, ...this.others(telling)].map((each) => ({ story: each.story, saying: this.nextOf(each) })));
    while (random.next() < climate.repeats) {
      const saying = random.next() < 0.5 ? sayingNow(telling) : this.late(telling);
      this.publish([{ story: telling.story, saying }]);
    }
    if (random.next() < climate.rubbish) this.audience.hears({ payload: this.nextRubbish(), about: [] });
  }

  private nextOf(telling: Telling): Saying {
    const { story } = telling;
    const saying = this.stamped(story, telling.next);
    story.sayings[telling.next++] = saying;
    const said = this.said.get(story) ?? [];
    said.push({ atMs: this.time.nowMs, saying });
    this.said.set(story, said);
    return saying;
  }

  /** With the time of the moment, if the story has provider times: a second after the one before at least. */
  private stamped({ stamped, sayings }: MatchStory, n: number): Saying {
    const saying = sayings[n] as Saying;
    const nowS = Math.floor(KICKOFF_S + this.time.nowMs / 1000);
    return stamped ? { ...saying, providerTimeS: Math.max(nowS, (sayings[n - 1]?.providerTimeS ?? 0) + 1) } : saying;
  }

  /** Matches told of in the same frame. */
  private others(telling: Telling): readonly Telling[] {
    if (this.random.next() >= this.climate.joins) return [];
    return [...this.telling].filter(
      (other) => other !== telling && other.next < other.story.sayings.length && this.random.next() < 0.2,
    );
  }

  /**
   * Something said before that the guard can tell from news: of an earlier period, or anything with a provider time.
   * Where frames may be lost nobody can tell. And one thing nobody can tell: whether extra time comes before or after the
   * final whistle that a resumed session brings together with it.
   */
  private late(telling: Telling): Saying {
    const { story, next } = telling;
    const now = sayingNow(telling);
    if (this.climate.forget > 0) return now;
    const untold =
      mayResume(this.climate) && now.status === MatchStatus.Ended ? MatchStatus.ExtraTime : MatchStatus.Cancelled;
    const earlier = story.sayings
      .slice(0, next)
      .filter(({ period, status }) => story.stamped || (period < now.period && status < untold));
    return earlier.length > 0 ? this.random.pick(earlier) : now;
  }

  private publish(said: readonly { readonly story: MatchStory; readonly saying: Saying }[]): void {
    this.audience.hears({
      payload: encodeFrame(
        said.map(({ saying }) => saying),
        this.random,
      ),
      about: said.map(({ story: { matchId }, saying: { state, status } }) => ({ matchId, state, status })),
    });
  }

  private nextRubbish(): Uint8Array {
    return Buffer.from(`${this.random.pick(RUBBISH)}${' '.repeat(this.rubbish++ % 1_000)}`);
  }
}

function sayingNow({ story, next }: Telling): Saying {
  return story.sayings[next - 1] as Saying;
}

function matchIdOf(n: number): string {
  return `match${n}`;
}
