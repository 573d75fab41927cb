import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { BatchFlusher } from './batch-flusher.js';
import { CommitReports } from './commit-reports.js';
import { DecisionLog } from './decision-log.js';
import { GuardCircumstances } from './guard-circumstances.js';
import { LookupRequests } from './lookup-requests.js';
import type { Mailbox } from './mailbox.js';
import type { MailboxNeighbours } from './mailbox-neighbours.js';
import { Questions } from './questions.js';
import { RowLoader } from './row-loader.js';

/** Whom every mailbox turns to, the same for all. */
@Injectable()
export class WriterNeighbours implements MailboxNeighbours<Mailbox> {
  constructor(
    readonly clock: Clock,
    readonly circumstances: GuardCircumstances,
    readonly log: DecisionLog,
    readonly reports: CommitReports,
    readonly lookups: LookupRequests,
    readonly questions: Questions,
    readonly rows: RowLoader,
    readonly flushes: BatchFlusher,
  ) {}

  get authorities(): readonly string[] {
    return this.reports.authorities;
  }
}
