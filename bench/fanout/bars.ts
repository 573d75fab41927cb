/** What a figure has to be at most; null: it was not measured. */
export interface Bar {
  readonly value: number | null;
  readonly atMost: number;
  readonly met: boolean | null;
}

export function bar(value: number | null | undefined, atMost: number): Bar {
  if (value === null || value === undefined) return { value: null, atMost, met: null };
  return { value, atMost, met: value <= atMost };
}

/** The bars that were measured and not reached, by name. */
export function missed(bars: Readonly<Record<string, Bar>>): readonly string[] {
  return Object.keys(bars).filter((name) => bars[name]!.met === false);
}
