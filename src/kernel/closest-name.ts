const MOST_EDITS = 2;

/** The known name that was probably meant: at most two letters off, whatever their case. */
export function closestName(name: string, known: readonly string[]): string | undefined {
  const close = known.map((candidate) => ({ candidate, edits: edits(name.toLowerCase(), candidate.toLowerCase()) }));
  return close.filter((one) => one.edits <= MOST_EDITS).sort((a, b) => a.edits - b.edits)[0]?.candidate;
}

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swapped));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
