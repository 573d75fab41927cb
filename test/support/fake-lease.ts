import { BehaviorSubject, type Observable } from 'rxjs';
import { IngestLease, type LeaseTerm } from '../../src/contracts/ingest-lease.js';

/** A lease whose terms the spec decides. */
export class FakeLease extends IngestLease {
  doubts = 0;
  private readonly subject: BehaviorSubject<LeaseTerm | null>;
  override readonly terms$: Observable<LeaseTerm | null>;

  /** @param fence of the present term; null while standing by */
  constructor(fence: number | null = null) {
    super();
    this.subject = new BehaviorSubject<LeaseTerm | null>(toTerm(fence));
    this.terms$ = this.subject;
  }

  override get term(): LeaseTerm | null {
    return this.subject.value;
  }

  override get confirmed(): boolean {
    return this.term !== null;
  }

  override doubt(): void {
    this.doubts++;
  }

  take(fence: number): void {
    this.subject.next(toTerm(fence));
  }

  lose(): void {
    this.subject.next(null);
  }
}

function toTerm(fence: number | null): LeaseTerm | null {
  return fence === null ? null : { fence, clientId: 'livescore-spec' };
}
