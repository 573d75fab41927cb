/** How bad something is: a `fault` keeps the host from doing its work, a `warning` may, a `note` is good to know. */
export type Weight = 'fault' | 'warning' | 'note';

/** One thing that is wrong. */
export interface Finding {
  readonly weight: Weight;
  /** stable, `LIVESCORE_…` */
  readonly code: string;
  readonly what: string;
  readonly todo: string;
}

/** What one check found, or why it could not look. */
export interface CheckReport {
  readonly name: string;
  readonly findings: readonly Finding[];
  /** null: it looked; else why not */
  readonly skipped: string | null;
  /** one line of what was seen where all is well */
  readonly seen: string | null;
}

/** What a check returns when it could look. */
export interface Looked {
  readonly findings: readonly Finding[];
  readonly seen: string;
}

export interface Check {
  readonly name: string;
  /** It throws {@link SkippedCheck} when it cannot look. */
  look(): Promise<Looked>;
}

/** A check that cannot look: another one tells why. */
export class SkippedCheck extends Error {}

export const fault = (code: string, what: string, todo: string): Finding => ({ weight: 'fault', code, what, todo });
export const warning = (code: string, what: string, todo: string): Finding => ({ weight: 'warning', code, what, todo });
export const note = (code: string, what: string, todo: string): Finding => ({ weight: 'note', code, what, todo });
