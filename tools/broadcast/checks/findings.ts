/** What can be wrong. */
export const FINDING_KINDS = [
  /** a client does not show the row when all is quiet */
  'wrong-end',
  /** a client missed a version, and no frame told it */
  'undetected-gap',
  /** a client of protocol 2 was told a version twice, or a silent one more often than takeovers explain */
  'twice',
  /** an older version after a newer one */
  'out-of-order',
  /** a frame does not say what was committed as its version */
  'wrong-content',
  /** no frame of the protocol, or not at this moment */
  'bad-frame',
  /** a well-behaved client was refused, cut off, or not continued from a position that it rightly had */
  'refused',
  /** a promise that has no name of its own */
  'broken',
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  /** which client, which match, what it was told */
  readonly text: string;
}

/** What was found, as it travels between processes. */
export interface FoundFaults {
  /** how many of each kind */
  readonly counts: Readonly<Record<string, number>>;
  /** the first ones of each kind */
  readonly examples: readonly Finding[];
}

const EXAMPLES = 8;

/** Counts findings and keeps the first of each kind: one fault may show in every client. */
export class Findings {
  private readonly counts = new Map<FindingKind, number>();
  private readonly examples: Finding[] = [];

  /** @param times in how many clients it shows */
  note(kind: FindingKind, text: string, times = 1): void {
    if (times === 0) return;
    const before = this.counts.get(kind) ?? 0;
    this.counts.set(kind, before + times);
    if (before < EXAMPLES) this.examples.push({ kind, text });
  }

  add({ counts, examples }: FoundFaults): void {
    for (const kind of FINDING_KINDS) {
      const more = counts[kind] ?? 0;
      if (more > 0) this.counts.set(kind, this.count(kind) + more);
    }
    this.examples.push(...examples);
  }

  count(kind: FindingKind): number {
    return this.counts.get(kind) ?? 0;
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  found(): FoundFaults {
    return { counts: Object.fromEntries(this.counts), examples: [...this.examples] };
  }
}
