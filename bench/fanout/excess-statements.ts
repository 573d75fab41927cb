/** How often each statement was sent, and in how many milliseconds. */
export interface Statements {
  readonly texts: Readonly<Record<string, number>>;
  readonly ms: number;
}

/**
 * The statements that were sent beyond those which the process sends by the clock.
 * @param calm what was sent while nobody did anything
 */
export function excessStatements({ texts, ms }: Statements, calm: Statements): Readonly<Record<string, number>> {
  const excess = Object.entries(texts).flatMap(([text, count]) => {
    const regular = calm.texts[text];
    // one more than the rate says: its turn may fall into either window
    const expected = regular === undefined ? 0 : Math.ceil((regular * ms) / calm.ms) + 1;
    return count > expected ? [[text, count - expected] as const] : [];
  });
  return Object.fromEntries(excess);
}

export function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
