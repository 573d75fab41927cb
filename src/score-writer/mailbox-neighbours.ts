import type { Commit } from './commit.js';
import type { CommitReports } from './commit-reports.js';
import type { DecisionLog } from './decision-log.js';
import type { HearingNeighbours } from './hearing.js';

/** Whom a mailbox turns to. */
export interface MailboxNeighbours<Mailbox> extends HearingNeighbours {
  readonly log: DecisionLog;
  readonly reports: CommitReports;
  /** sources whose stamp on a row is an authority */
  readonly authorities: readonly string[];
  /** who loads rows, and answers by `rowLoaded` */
  readonly rows: {
    request(mailbox: Mailbox): void;
    drop(mailbox: Mailbox): void;
  };
  /** who writes, calls `send` for a statement, and tells its answer */
  readonly flushes: {
    /** it has a pending change and none in flight */
    add(mailbox: Mailbox): void;
    /** its row is locked by somebody else: to be tried again later. @param times in a row, this one included */
    rest(mailbox: Mailbox, times: number): void;
    drop(mailbox: Mailbox): void;
    publish(commits: readonly Commit[]): void;
  };
}
