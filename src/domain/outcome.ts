/**
 * An outcome says what became of one update. Every update gets exactly one, with a reason fit for counters and people
 * (lower-case words with dashes, a small fixed set per kind).
 *
 * `applied` is in the database; `superseded` was accepted and a newer accepted update of the same match took its
 * place before the write; `duplicate` differs in nothing; `stale` is older than what is known; `illegal` breaks the
 * rules of the game; `parked` has no row yet and waits for one; `dead` can never be written;
 * `legacy` and `shadow` belong to a match that another path writes.
 */
export interface Outcome {
  readonly kind: 'applied' | 'superseded' | 'duplicate' | 'stale' | 'illegal' | 'parked' | 'dead' | 'legacy' | 'shadow';
  readonly reason: string;
}
