import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';

/** What happens to the connection of the feed, as far as recovery cares. */
export type FeedSignal =
  /** the broker granted at least one topic; `resumed`: it kept our session, so nothing was missed */
  | { readonly kind: 'subscribed'; readonly resumed: boolean; readonly atMs: number }
  /** the connection is gone; told once per connection that had been subscribed */
  | { readonly kind: 'lost'; readonly atMs: number };

/** The stream from the transport to whoever watches over the feed. */
@Injectable()
export class FeedSignals {
  private readonly subject = new Subject<FeedSignal>();
  readonly signals$: Observable<FeedSignal> = this.subject.asObservable();

  publish(signal: FeedSignal): void {
    this.subject.next(signal);
  }
}
