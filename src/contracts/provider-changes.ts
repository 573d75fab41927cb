import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';

/** What the provider says has changed, beside matches. */
export interface ProviderChange {
  /** as `/data/update` numbers it: 2 bracket, 3 standing, 4 season team statistics, … 11 goal line */
  readonly type: number;
  readonly of: 'team' | 'season';
  /** provider id */
  readonly id: string;
  /** provider's clock, unix seconds; null when the entry has none */
  readonly updatedAtS: number | null;
}

/**
 * The stream of teams and seasons that the provider says have changed, each change at least once. Whoever keeps something of
 * them listens; what nobody listens to is kept in `livescore_sync_change` all the same.
 */
@Injectable()
export class ProviderChanges {
  private readonly subject = new Subject<readonly ProviderChange[]>();
  readonly batches$: Observable<readonly ProviderChange[]> = this.subject.asObservable();

  /** Does anybody listen? */
  get hasListeners(): boolean {
    return this.subject.observed;
  }

  /** Never throws into the teller, never waits. */
  tell(batch: readonly ProviderChange[]): void {
    if (batch.length > 0) this.subject.next(batch);
  }
}
