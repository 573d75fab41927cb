import type { MatchStatus } from '../domain/match-status.js';
import type { CarriedFacts, MatchUpdate, ScoreReport, UpdateSource } from '../domain/match-update.js';
import type { Outcome } from '../domain/outcome.js';
import type { Slots } from '../domain/score.js';
import type { RecordedDecision } from './ports/recent-decisions.js';

/** A decision about an update that carries a score. */
export type ScoreDecision = RecordedDecision & { readonly update: { readonly score: ScoreReport } };

const FIRST_ROWS = 4;
const SLOTS = 7;
/** Places in a row of numbers; what is null is NaN. */
const AT = 0;
const RECEIVED = 1;
const REQUESTED = 2;
const PROVIDER_TIME = 3;
const VERSION = 4;
const BECAME = 5;
const SOURCE = 6;
const PULLED = 7;
const STATUS = 8;
const KICKOFF = 9;
const HOME = 10;
const AWAY = HOME + SLOTS;
const WIDTH = AWAY + SLOTS;

const SOURCES: readonly UpdateSource[] = ['mqtt', 'api', 'watchdog', 'computed', 'admin'];

/**
 * A decision ring holds the last decisions about one match as numbers: an update that is kept as an object for the next fifty of its match
 * is copied by the garbage collector and ends among its old objects.
 */
export class DecisionRing {
  private numbers = new Float64Array(FIRST_ROWS * WIDTH);
  private readonly outcomes: Outcome[] = [];
  private readonly carried: (CarriedFacts | undefined)[] = [];
  /** of what is applied and not committed: they tell the decision whose commit comes */
  private readonly scores: (ScoreReport | null)[] = [];
  private newest = -1;
  private size = 0;

  constructor(private readonly most: number) {}

  /** Ready for another match: its numbers keep their room. */
  empty(): void {
    this.newest = -1;
    this.size = 0;
  }

  /** Takes the place of the oldest when there are as many as may be. */
  add({ atMs, update, outcome, version }: ScoreDecision): void {
    const { score } = update;
    this.newest = (this.newest + 1) % this.most;
    this.size = Math.min(this.size + 1, this.most);
    const at = this.newest * WIDTH;
    if (at === this.numbers.length) this.grow();
    const { numbers } = this;
    numbers[at + AT] = atMs;
    numbers[at + RECEIVED] = update.receivedAtMs;
    numbers[at + REQUESTED] = update.requestedAtMs ?? Number.NaN;
    numbers[at + PROVIDER_TIME] = update.providerTimeS ?? Number.NaN;
    numbers[at + VERSION] = version ?? Number.NaN;
    numbers[at + BECAME] = Number.NaN;
    numbers[at + SOURCE] = SOURCES.indexOf(update.source);
    numbers[at + PULLED] = update.delivery === 'pull' ? 1 : 0;
    numbers[at + STATUS] = score.status;
    numbers[at + KICKOFF] = score.periodKickoffS ?? Number.NaN;
    for (let slot = 0; slot < SLOTS; slot++) {
      numbers[at + HOME + slot] = score.home[slot]!;
      numbers[at + AWAY + slot] = score.away[slot]!;
    }
    this.outcomes[this.newest] = outcome;
    this.carried[this.newest] = update.carried;
    this.scores[this.newest] = outcome.kind === 'applied' ? score : null;
  }

  /**
   * Notes the version that became of the newest update of a commit, and of those folded under it: they were judged against
   * the same version.
   */
  committed(score: ScoreReport, version: number): void {
    let age = 0;
    while (age < this.size && this.scores[this.row(age)] !== score) age++;
    if (age === this.size) return;
    const judgedAgainst = this.at(age, VERSION);
    for (; age < this.size; age++) {
      if (this.outcomes[this.row(age)]?.kind !== 'applied') continue;
      if (!Number.isNaN(this.at(age, BECAME)) || !Object.is(this.at(age, VERSION), judgedAgainst)) return;
      this.numbers[this.row(age) * WIDTH + BECAME] = version;
      this.scores[this.row(age)] = null;
    }
  }

  /** Oldest first. */
  list(matchId: string): readonly RecordedDecision[] {
    return Array.from({ length: this.size }, (_, n) => this.decision(matchId, this.size - 1 - n));
  }

  private decision(matchId: string, age: number): RecordedDecision {
    const became = this.at(age, BECAME);
    return {
      atMs: this.at(age, AT),
      update: this.update(matchId, age),
      outcome: this.outcomes[this.row(age)]!,
      version: orNull(this.at(age, VERSION)),
      became: Number.isNaN(became) ? undefined : became,
    };
  }

  private update(matchId: string, age: number): MatchUpdate {
    const carried = this.carried[this.row(age)];
    return {
      matchId,
      source: SOURCES[this.at(age, SOURCE)]!,
      delivery: this.at(age, PULLED) ? 'pull' : 'push',
      receivedAtMs: this.at(age, RECEIVED),
      requestedAtMs: orNull(this.at(age, REQUESTED)),
      providerTimeS: orNull(this.at(age, PROVIDER_TIME)),
      ...(carried && { carried }),
      score: {
        status: this.at(age, STATUS) as MatchStatus,
        home: this.slots(age, HOME),
        away: this.slots(age, AWAY),
        periodKickoffS: orNull(this.at(age, KICKOFF)),
      },
    };
  }

  private slots(age: number, first: number): Slots {
    const at = this.row(age) * WIDTH + first;
    return Array.from(this.numbers.subarray(at, at + SLOTS)) as unknown as Slots;
  }

  /** @param age 0: the newest */
  private row(age: number): number {
    return (this.newest - age + this.most) % this.most;
  }

  private at(age: number, place: number): number {
    return this.numbers[this.row(age) * WIDTH + place]!;
  }

  private grow(): void {
    const grown = new Float64Array(Math.min(this.numbers.length * 2, this.most * WIDTH));
    grown.set(this.numbers);
    this.numbers = grown;
  }
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
