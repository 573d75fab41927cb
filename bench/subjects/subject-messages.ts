/** Where a subject finds its services. The harness sets them when it forks the subject's process. */
export interface SubjectSettings {
  readonly mqttUrl: string;
  readonly topic: string;
  readonly databaseUrl: string;
  readonly qos: 0 | 1;
  /** kick-off of every second half, unix seconds */
  readonly kickoffS: number;
}

/** What a subject did since it started. */
export interface SubjectCounts {
  /** messages taken from the broker */
  readonly received: number;
  /** match updates that are committed, or superseded by a committed newer one */
  readonly absorbed: number;
  /** rows really written */
  readonly rows: number;
  /** match updates that will never be written */
  readonly refused: number;
}

export interface RunningSubject {
  readonly screen: { readonly protocol: 'ws' | 'socket.io'; readonly url: string };
  counts(): SubjectCounts | Promise<SubjectCounts>;
  /** called after each statement with the rows it wrote. @default the subject cannot be fed in turns */
  onWritten?(listener: (rows: number) => void): void;
  stop(): Promise<void>;
}

/** `allocations` counts what was garbage by the end, too. */
export type ProfileKind = 'cpu' | 'allocations';

export type Command =
  | { readonly type: 'begin'; readonly reportProgress: boolean; readonly profile: ProfileKind | null }
  | { readonly type: 'end'; readonly profileFile: string | null }
  | { readonly type: 'turns'; readonly turns: Turns }
  | { readonly type: 'weigh' }
  | { readonly type: 'stop' };

/** Messages in turns of a fixed size, each of another match: the next turn comes when the last is written. */
export interface Turns {
  readonly matches: number;
  readonly perTurn: number;
  readonly turns: number;
}

export interface PhaseCost extends SubjectCounts {
  readonly cpuMs: number;
  readonly eventLoopMaxMs: number;
}

export type Report =
  | { readonly type: 'ready'; readonly screen: RunningSubject['screen'] }
  | { readonly type: 'begun' }
  | { readonly type: 'turned' }
  | { readonly type: 'weighed'; readonly heldBytes: number }
  | { readonly type: 'progress'; readonly counts: SubjectCounts }
  | { readonly type: 'ended'; readonly cost: PhaseCost };
