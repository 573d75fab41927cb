/** What the trigger on `ts_matches` does about writers that are not ours. */
export const FOREIGN_WRITER_MODES = ['off', 'observe', 'protect'] as const;
export type ForeignWriterMode = (typeof FOREIGN_WRITER_MODES)[number];

/** The mode in force, as far as this process knows it: at most a second old. Port and injection token in one; optional. */
export abstract class ForeignWriters {
  abstract readonly mode: ForeignWriterMode;
  /** for how long a statement of ours holds others off its rows, ms; null: it does not */
  abstract readonly protectMs: number | null;
  /** Sources whose stamp on a row is an authority: what they write stands. */
  abstract readonly authorities: readonly string[];
}

/** Sources that people's endpoints of the platform stamp. */
export const PEOPLE: readonly string[] = Object.freeze(['api_force_refresh', 'api_manual_refresh']);

/** Of a host that does not look. */
export const NOBODY_LOOKS: ForeignWriters = Object.freeze({ mode: 'off', protectMs: null, authorities: PEOPLE });
