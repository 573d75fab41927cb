import { median, percentile, rounded } from './statistics.js';
import type { KeptRows, SyncDatabase } from './sync-database.js';
import { CHANGES_EVERY, firstOf, type PlayerList } from './sync-players.js';
import type { SyncSubject } from './sync-subjects.js';

/** A process that has stored a few pages only is still being compiled. */
const WARM_UP_ROWS = 40_000;
const SUBJECTS = ['ours', 'unnest', 'oneRow', 'typeorm'] as const;
export type SyncSubjectName = (typeof SUBJECTS)[number];

/** What a turn begins with, and which list it reads. */
const CASES = {
  fill: { before: 'none', after: 'first' },
  unchanged: { before: 'first', after: 'first' },
  tenth: { before: 'first', after: 'later' },
} as const satisfies Record<string, { readonly before: KeptRows; readonly after: KeptRows }>;
type SyncCase = keyof typeof CASES;

/** Rounds of what is compared, in turns, so that what slows one of them slows all. */
export class SyncRounds {
  readonly invalid: string[] = [];

  /** @param prefixes rows of a turn of the slower subjects: the whole list would take all the time */
  constructor(
    private readonly database: SyncDatabase,
    private readonly subjects: Readonly<Record<SyncSubjectName, SyncSubject>>,
    private readonly lists: Readonly<Record<'first' | 'later', PlayerList>>,
    private readonly prefixes: Readonly<Partial<Record<SyncSubjectName, number>>>,
  ) {}

  /** Lists that nobody measures, for those whose own code takes a share of the time. */
  async warmUp(): Promise<void> {
    for (let rows = 0; rows < WARM_UP_ROWS; rows += this.lists.first.items.length) {
      for (const subject of ['ours', 'unnest'] as const) await this.turn('unchanged', subject);
    }
  }

  async measure(name: SyncCase, rounds: number, warmUps: number) {
    const rates: Record<SyncSubjectName, number[]> = { ours: [], unnest: [], oneRow: [], typeorm: [] };
    for (let round = 0; round < rounds + warmUps; round++) {
      for (let n = 0; n < SUBJECTS.length; n++) {
        const subject = SUBJECTS[(n + round) % SUBJECTS.length]!;
        const rate = await this.turn(name, subject);
        if (round >= warmUps) rates[subject].push(rate);
      }
    }
    return report(rates);
  }

  /** @returns rows per second */
  private async turn(name: SyncCase, subjectName: SyncSubjectName): Promise<number> {
    const { before, after } = CASES[name];
    const subject = this.subjects[subjectName];
    const whole = this.lists[after];
    const { items, pages } = firstOf(whole, this.prefixes[subjectName] ?? whole.items.length);
    await this.database.reset(before);
    await subject.begin();
    const startedAt = performance.now();
    for (const page of pages) await subject.store(page);
    const ms = performance.now() - startedAt;
    const added = before === 'none' ? items.length : 0;
    const changed = before === after || before === 'none' ? 0 : Math.ceil(items.length / CHANGES_EVERY);
    this.invalid.push(...(await subject.end({ added, changed, pages: pages.length })));
    const ids = items.map(({ id }) => id);
    const right = await this.database.countRight(after, ids);
    if (right !== items.length) this.invalid.push(`${name}, ${subjectName}: ${right} rows right of ${items.length}`);
    return (items.length / ms) * 1000;
  }
}

function report(rates: Readonly<Record<SyncSubjectName, readonly number[]>>) {
  const ratioTo = (other: SyncSubjectName) => spread(rates.ours.map((rate, n) => rate / rates[other][n]!));
  return {
    rowsPerS: Object.fromEntries(SUBJECTS.map((name) => [name, rounded(median(rates[name]), 0)])),
    toUnnest: ratioTo('unnest'),
    toOneRow: ratioTo('oneRow'),
    toTypeorm: ratioTo('typeorm'),
  };
}

/** Of the rounds' own ratios: the middle, and where the middle half of them lies. */
function spread(ratios: readonly number[]) {
  const ascending = [...ratios].sort((a, b) => a - b);
  const of = (share: number) => rounded(percentile(ascending, share), 2);
  return { median: rounded(median(ascending), 2), from: of(0.25), to: of(0.75) };
}
