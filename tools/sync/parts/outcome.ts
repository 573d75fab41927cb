/** What a scenario found. */
export interface Outcome {
  readonly name: string;
  readonly passed: boolean;
  readonly tookS: number;
  /** each a promise that was broken, in words */
  readonly broken: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
}

const SHOWN = 5;

/** Collects what a scenario sees, and what of it should not be. */
export class Findings {
  private readonly broken: string[] = [];
  private readonly facts: Record<string, unknown> = {};
  private readonly beganMs = performance.now();

  constructor(private readonly name: string) {}

  fact(name: string, value: unknown): void {
    this.facts[name] = value;
  }

  breaks(text: string): void {
    this.broken.push(text);
  }

  /** @param why when it does not hold */
  expect(holds: boolean, why: string): void {
    if (!holds) this.breaks(why);
  }

  /** Nothing may be in the list. */
  none(what: string, list: readonly string[]): void {
    this.fact(what, list.length);
    if (list.length === 0) return;
    const more = list.length > SHOWN ? ` and ${list.length - SHOWN} more` : '';
    this.breaks(`${list.length} ${what}: ${list.slice(0, SHOWN).join('; ')}${more}`);
  }

  end(): Outcome {
    const { name, broken, facts } = this;
    const tookS = Math.round((performance.now() - this.beganMs) / 1_000);
    return { name, passed: broken.length === 0, tookS, broken, facts };
  }
}

/** One line, and what is wrong below it. */
export function printOutcome({ name, passed, tookS, broken, facts }: Outcome): void {
  const said = Object.entries(facts).map(([fact, value]) => `${fact} ${JSON.stringify(value)}`);
  console.log(`${passed ? 'PASS' : 'FAIL'} ${name} (${tookS} s) ${said.join(', ')}`);
  for (const text of broken) console.log(`     ${text}`);
}
