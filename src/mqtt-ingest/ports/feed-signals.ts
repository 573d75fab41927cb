import { NEVER, type Observable } from 'rxjs';

/** What happens to the connection of the feed, as far as recovery cares. */
export type FeedSignal =
  /** the broker granted at least one topic; `resumed`: it kept our session, so nothing was missed */
  | { readonly kind: 'subscribed'; readonly resumed: boolean; readonly atMs: number }
  /** the connection is gone; told once per connection that had been subscribed */
  | { readonly kind: 'lost'; readonly atMs: number };

/** The stream from the transport to whoever watches over the feed. Port and injection token in one; optional. */
export abstract class FeedSignals {
  abstract readonly signals$: Observable<FeedSignal>;
}

/** Of a host without the ingest module. */
export const NO_SIGNALS: FeedSignals = Object.freeze({ signals$: NEVER });
