import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';

/** A question to the provider about one match. */
export interface MatchLookup {
  readonly matchId: string;
  /** earlier the answer could not be believed (the provider's cache age), our clock, unix ms */
  readonly notBeforeMs: number;
}

/**
 * The stream of what the writer wants to know from the provider: the feed said something about a match that was refused,
 * or the match has no row. Whoever can ask the provider listens, and throttles per match; the answer comes back through
 * the `UpdateSink` as a pull.
 */
@Injectable()
export class MatchLookups {
  private readonly subject = new Subject<MatchLookup>();
  readonly requests$: Observable<MatchLookup> = this.subject.asObservable();

  /** Never throws, never waits. */
  request(matchId: string, notBeforeMs: number): void {
    this.subject.next({ matchId, notBeforeMs });
  }
}
