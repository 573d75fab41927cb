import type { ClientCounts } from '../checks/client-counts.js';
import type { FoundFaults } from '../checks/findings.js';
import type { ClientKind, Comparison, TrueRow } from './crew-member.js';

/** How many clients there are of each kind. */
export type CrewSize = Readonly<Record<ClientKind, number>>;

/** What the process of the clients is started with. */
export interface CrewSettings {
  readonly seed: number;
  readonly size: CrewSize;
  /** competition by match id */
  readonly competitions: Readonly<Record<string, string>>;
  readonly schemas: string;
  /** of the database, past every fault: the journal is the truth in the end */
  readonly databaseUrl: string;
}

/** What the program asks of its clients. */
export type CrewQuestion =
  /** connects to these hosts from now on, and to no other; the others are left at once where it says so */
  | { readonly ask: 'go'; readonly open: readonly string[]; readonly leaveOthers: boolean }
  /** breaks the connection of some client so often; null: of none */
  | { readonly ask: 'disturb'; readonly everyMs: number | null }
  /** so many of those who follow every match, of each kind, stop reading, or all of them read again */
  | { readonly ask: 'pause'; readonly each: number }
  | { readonly ask: 'resume' }
  | ReachQuestion
  | { readonly ask: 'counts' }
  /** how late frames are read, ms: the longest since the last time */
  | { readonly ask: 'lag' }
  /** the end: compares everything that was told with the journal */
  | { readonly ask: 'judge'; readonly rows: readonly TrueRow[]; readonly takeoversAtMs: readonly number[] };

/**
 * Waits until clients show the rows: all of them, exactly, when it is quiet; else those who are served by these hosts, at least.
 */
export interface ReachQuestion {
  readonly ask: 'reach';
  readonly rows: readonly TrueRow[];
  readonly how: Comparison;
  /** @default all hosts */
  readonly on?: readonly string[];
  readonly timeoutMs: number;
}

export interface Reached {
  /** until the last of them showed the rows; null: not in time */
  readonly tookMs: number | null;
  /** clients that were looked at */
  readonly clients: number;
  /** of those that did not: who, and what they show instead; a few */
  readonly behind: readonly string[];
  /** how many did not */
  readonly missing: number;
  /** how many of these were served: connected, everything asked for answered, and told nothing */
  readonly unaware: number;
}

export interface KindCounts {
  readonly clients: number;
  readonly connections: number;
  /** versions, in frames of their own or together with others */
  readonly told: number;
}

export interface CrewCounts {
  readonly kinds: Readonly<Record<ClientKind, KindCounts>>;
  readonly protocol2: ClientCounts;
  /** frames about a version that a silent client had been told before */
  readonly toldAgain: number;
  /** versions that came to some client */
  readonly versions: number;
  /** in the package's own clients: they tell their hosts */
  readonly packageGaps: number;
  /** so far; the comparison with the journal comes in the end */
  readonly findings: number;
  /** frames that were compared with their schemas, each text once */
  readonly frames: number;
}

export interface Judged {
  readonly counts: CrewCounts;
  readonly found: FoundFaults;
}
