import { optionsOf } from '../kernel/options.js';
import { integer, object } from '../kernel/options-rules.js';

/** Options of {@link RetentionModule}: for how long it is kept what nothing needs any more. */
export interface RetentionOptions {
  /**
   * Days for which the journal of a match that is over is kept after its last change, with its announcements, withdrawn
   * incidents and the progress of its settlement, 0 (for ever)–3,650. A match whose predictions wait for something stays.
   * What is gone can neither be reverted nor explained.
   * @default 180
   */
  readonly journalDays?: number;
  /**
   * Days for which the revisions of verdicts are kept after the last one of their match, 0 (for ever)–3,650; never before
   * its journal is gone. The results in `ai_predictions` stay.
   * @default 730
   */
  readonly verdictsDays?: number;
  /** Days for which dead letters are kept after their receipt, 0 (for ever) or 8–3,650. @default 30 */
  readonly lettersDays?: number;
  /**
   * Days for which the decisions of the automatic rollout are kept, and what matches in shadow were compared with, 0 (for
   * ever)–3,650.
   * @default 90
   */
  readonly decisionsDays?: number;
  /**
   * Days for which it is kept when the provider was asked about single rows, and which deletions it took back, 0 (for ever)
   * or 8–3,650. A deletion that holds stays.
   * @default 90
   */
  readonly syncDays?: number;
  /** How often to look for what is too old, ms, 1,000–86,400,000. @default 600000 */
  readonly everyMs?: number;
}

const days = (fallback: number) => integer({ default: fallback, min: 0, max: 3_650, unit: 'days' });
/** Parked updates are tried again for seven days at most, and no job of the sync looks further back. */
const NEEDED_DAYS = 7;

const daysBeyondNeed =
  (fallback: number): ReturnType<typeof days> =>
  (value, place) => {
    const kept = days(fallback)(value, place);
    if (kept > 0 && kept <= NEEDED_DAYS) place.refuse('0, or an integer from 8 to 3650 days', value);
    return kept;
  };

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedRetentionOptions extends optionsOf(
  'RetentionModule',
  object({
    journalDays: days(180),
    verdictsDays: days(730),
    lettersDays: daysBeyondNeed(30),
    decisionsDays: days(90),
    syncDays: daysBeyondNeed(90),
    everyMs: integer({ default: 600_000, min: 1_000, max: 86_400_000, unit: 'ms' }),
  }),
) {}

/** @throws InvalidOptionError */
export function resolveRetentionOptions(options?: RetentionOptions): ResolvedRetentionOptions {
  return new ResolvedRetentionOptions(options);
}
