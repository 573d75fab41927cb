const KEPT = Number(process.env.SIMULATOR_KEPT ?? 4_096);
const SHOWN = Number(process.env.SIMULATOR_TRACE ?? 25);

/** The last things that happened, put into words only when somebody asks. */
export class Trace {
  private readonly lines: (readonly unknown[])[] = [];
  private next = 0;

  add(...words: readonly unknown[]): void {
    this.lines[this.next] = words;
    this.next = (this.next + 1) % KEPT;
  }

  /** The last events of all kinds, and before them the last ones that name what is asked for. */
  about(name: string | null): string {
    const all = [...this.lines.slice(this.next), ...this.lines.slice(0, this.next)].map((words) =>
      words.map(show).join(' '),
    );
    const word = name === null ? null : new RegExp(`\\b${name}\\b|^[\\d.]+ [A-Z]{4}|connect|away`);
    const earlier = word ? all.slice(0, -SHOWN).filter((line) => word.test(line)) : [];
    return [...earlier.slice(-2 * SHOWN), '…', ...all.slice(-SHOWN)].join('\n');
  }
}

function show(word: unknown): string {
  if (typeof word === 'number') return Number.isInteger(word) ? String(word) : word.toFixed(2);
  return typeof word === 'string' ? word : JSON.stringify(word).replaceAll(/"|matchId|state|status/g, '');
}
