import { Injectable } from '@nestjs/common';

/** What the trigger on `ts_matches` does about writers that are not ours. */
export const FOREIGN_WRITER_MODES = ['off', 'observe', 'protect'] as const;
export type ForeignWriterMode = (typeof FOREIGN_WRITER_MODES)[number];

/** The mode in force, as far as this process knows it: at most a second old. */
@Injectable()
export class ForeignWriters {
  mode: ForeignWriterMode = 'off';
  /** for how long a statement of ours holds others off its rows, ms; null: it does not */
  protectMs: number | null = null;
}

/** Ends what protects the rows of a match that is given away. Port and injection token in one; optional. */
export abstract class MatchProtection {
  /** Resolves when nothing holds other writers off the row, or when that could not be done. Never rejects. */
  abstract clear(matchId: string): Promise<void>;
}
