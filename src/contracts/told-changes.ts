import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import type { Committed } from './committed-changes.js';

/** Changes whose frames were handed to the sockets at one moment. */
export interface ToldBatch {
  readonly changes: readonly Committed[];
  /** our clock, unix ms */
  readonly sentAtMs: number;
}

/** The stream carries what clients were told, in the order they were told it. Listeners never throw and never wait. */
@Injectable()
export class ToldChanges {
  private readonly subject = new Subject<ToldBatch>();
  readonly batches$: Observable<ToldBatch> = this.subject.asObservable();

  publish(changes: readonly Committed[], sentAtMs: number): void {
    if (this.subject.observed) this.subject.next({ changes, sentAtMs });
  }
}
