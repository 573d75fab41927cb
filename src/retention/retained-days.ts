import { RETAINED_KINDS, type RetainedKind } from './ports/retention-store.js';
import type { ResolvedRetentionOptions } from './retention.options.js';

/** For how many days each kind is kept; 0: for ever. */
export type RetainedDays = Readonly<Record<RetainedKind, number>>;

export function retainedDays(options: Omit<ResolvedRetentionOptions, 'everyMs'>): RetainedDays {
  const { journalDays, verdictsDays, lettersDays, decisionsDays, syncDays } = options;
  return {
    journal: journalDays,
    announcements: journalDays,
    progress: journalDays,
    withdrawn: journalDays,
    disputes: journalDays,
    verdicts: verdictsDays,
    letters: lettersDays,
    decisions: decisionsDays,
    comparisons: decisionsDays,
    deletions: syncDays,
    questions: syncDays,
  };
}

/** Which kinds go at all, in their order. */
export function kindsThatGo(days: RetainedDays): readonly RetainedKind[] {
  return RETAINED_KINDS.filter((kind) => days[kind] > 0);
}
