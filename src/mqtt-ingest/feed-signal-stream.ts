import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import { type FeedSignal, FeedSignals } from './ports/feed-signals.js';

/** The connection's end of {@link FeedSignals}. */
@Injectable()
export class FeedSignalStream extends FeedSignals {
  private readonly subject = new Subject<FeedSignal>();
  override readonly signals$: Observable<FeedSignal> = this.subject.asObservable();

  publish(signal: FeedSignal): void {
    this.subject.next(signal);
  }
}
