import { mutatePayload } from '../../test/support/mutate-payload.js';
import { FEED_SAMPLES, payload } from '../../test/support/payloads.js';
import type { SeededRandom } from '../../test/support/seeded-random.js';
import { MatchStory } from '../simulator/match-story.js';

const STORIES = 12;
const SAMPLES = FEED_SAMPLES.map((name) => payload(name).toString());
/** ids of the samples: replaced by fresh ones, or every match would soon be over */
const SAMPLE_IDS = [...new Set(SAMPLES.flatMap((text) => text.match(/(?<=")[a-z0-9]{15}(?=")/g) ?? []))];

/** Slot by slot the first count that no match can show. */
const ABSURD = [100, 100, 16, 31, 61, 100, 100];

/** Messages of a few matches: true ones, true ones with injuries or an absurd count, and rubbish. */
export class PayloadSource {
  readonly matchIds: readonly string[];
  private readonly samples: readonly Buffer[];
  private readonly stories: readonly { readonly story: MatchStory; told: number }[];

  constructor(
    /** unix seconds */
    startS: number,
    private readonly random: SeededRandom,
  ) {
    const fresh = new Map(SAMPLE_IDS.map((id) => [id, freshId(random)]));
    this.samples = SAMPLES.map((text) => {
      let renamed = text;
      for (const [id, other] of fresh) renamed = renamed.replaceAll(id, other);
      return Buffer.from(renamed);
    });
    this.stories = Array.from({ length: STORIES }, () => ({
      story: new MatchStory(freshId(random), startS, random, false),
      told: 0,
    }));
    this.matchIds = [...fresh.values(), ...this.stories.map(({ story }) => story.matchId)];
  }

  next(): Buffer {
    const kind = this.random.next();
    if (kind < 0.5) return mutatePayload(this.random.pick(this.samples), this.random);
    if (kind < 0.55) return this.random.pick(this.samples);
    if (kind < 0.57) return this.rubbish();
    if (kind < 0.59) return this.absurd();
    const truth = this.nextOfStory();
    return kind < 0.9 ? truth : mutatePayload(truth, this.random);
  }

  private nextOfStory(): Buffer {
    const telling = this.random.pick(this.stories);
    const { sayings } = telling.story;
    const saying = sayings[Math.min(telling.told++, sayings.length - 1)];
    return Buffer.from(JSON.stringify(saying?.tuple));
  }

  private absurd(): Buffer {
    const tuple: unknown[] = JSON.parse(this.nextOfStory().toString());
    const slot = this.random.below(ABSURD.length);
    const side = 2 + this.random.below(2);
    const count = (ABSURD[slot] ?? 0) + this.random.below(40_000);
    return Buffer.from(JSON.stringify(tuple.with(side, (tuple[side] as number[]).with(slot, count))));
  }

  private rubbish(): Buffer {
    return Buffer.from(Array.from({ length: this.random.below(60) }, () => this.random.below(256)));
  }
}

/** No injury makes another one's id of it. */
function freshId(random: SeededRandom): string {
  return Array.from({ length: 15 }, () => random.below(36).toString(36)).join('');
}
