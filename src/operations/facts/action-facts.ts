import type { StageName } from './stored-facts.js';

export const ACTION_NAMES = ['stage', 'pin', 'redrive', 'sync', 'settlement', 'end-match'] as const;
export type ActionName = (typeof ACTION_NAMES)[number];

/** What every action carries. */
export interface ActionBody {
  /** who, where `OperationsFacts.actor` is null; ignored otherwise. 1–100 characters */
  readonly by?: string;
  /** why, kept in the same history as that of the command. 1–500 characters */
  readonly reason: string;
  /** `expected` of the preview that was agreed to: {@link ActionPreview}. Left out with `?preview` */
  readonly expected?: string;
}

/** `actions/stage`: what is absent stays as it is; a list that is given replaces the one before. */
export interface StageBody extends ActionBody {
  readonly stage: StageName;
  /** 0–100 */
  readonly percent?: number;
  readonly allowMatches?: readonly string[];
  readonly denyMatches?: readonly string[];
  readonly allowCompetitions?: readonly string[];
  readonly denyCompetitions?: readonly string[];
  readonly stepPlan?: readonly { readonly percent: number; readonly soakS: number }[] | null;
  /** after an automatic rollback: it has been looked into */
  readonly resetLatch?: boolean;
  /** lists may name what is not there yet */
  readonly anyway?: boolean;
}

/** `actions/pin` */
export interface PinBody extends ActionBody {
  readonly matchId: string;
  /** null: the stage decides again */
  readonly route: 'legacy' | 'direct' | null;
  /** though there is no such match yet */
  readonly anyway?: boolean;
}

/** `actions/redrive`: exactly one of the first four. */
export interface RedriveBody extends ActionBody {
  readonly id?: string;
  readonly matchId?: string;
  readonly letterReason?: 'malformed' | 'unknown-match' | 'cannot-be-written';
  readonly all?: true;
}

/** `actions/sync` */
export interface SyncBody extends ActionBody {
  readonly entity: string;
  readonly kind: 'incremental' | 'full' | 'diff';
  /** of a full run: it may mark more than half of the table as deleted */
  readonly acceptsDeletions?: boolean;
}

/** `actions/settlement` */
export interface SettlementBody extends ActionBody {
  readonly matchId: string;
  /** null: its versions are folded again */
  readonly says: 'played' | 'void' | 'accept' | null;
}

/** `actions/end-match` */
export interface EndMatchBody extends ActionBody {
  readonly matchId: string;
}

/** What an action will do. Nothing has been done. */
export interface ActionPreview {
  readonly action: ActionName;
  readonly isPreview: true;
  /** one sentence for people */
  readonly summary: string;
  /** more lines, each a sentence */
  readonly lines: readonly string[];
  /** it takes something away or cannot be taken back: the page asks once more */
  readonly isDestructive: boolean;
  /** sent back with the action: it is refused with 409 when what was looked at has changed meanwhile */
  readonly expected: string;
}

export interface ActionDone {
  readonly action: ActionName;
  readonly isPreview: false;
  readonly by: string;
  readonly reason: string;
  /** one sentence for people */
  readonly summary: string;
  readonly lines: readonly string[];
}

/**
 * 400: a field is wrong; 403: token or origin; 404: not there; 409: it has changed meanwhile, or nothing was agreed to; 413: too
 * long; 503: the database does not answer.
 */
export interface RefusedAnswer {
  readonly statusCode: number;
  /** `LIVESCORE_…` */
  readonly code: string;
  readonly message: string;
}
