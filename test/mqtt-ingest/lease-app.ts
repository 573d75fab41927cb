import { Global, Module, type ModuleMetadata } from '@nestjs/common';
import { BehaviorSubject } from 'rxjs';
import { IngestLease, type LeaseTerm } from '../../src/contracts/ingest-lease.js';

/** A lease that a test gives and takes. */
export class ScriptedLease extends IngestLease {
  readonly terms$ = new BehaviorSubject<LeaseTerm | null>(null);
  confirmed = false;
  doubts = 0;

  override get term(): LeaseTerm | null {
    return this.terms$.value;
  }

  override doubt(): void {
    this.doubts += 1;
    this.confirmed = false;
  }

  grant(fence: number, clientId = 'of-the-lease'): void {
    this.confirmed = true;
    this.terms$.next({ fence, clientId });
  }

  confirm(): void {
    this.confirmed = true;
    this.terms$.next(this.term);
  }

  lose(): void {
    this.confirmed = false;
    this.terms$.next(null);
  }
}

/** A module with this lease for the whole application. */
export function leaseModule(lease: IngestLease): NonNullable<ModuleMetadata['imports']>[number] {
  @Global()
  @Module({ providers: [{ provide: IngestLease, useValue: lease }], exports: [IngestLease] })
  class ScriptedLeaseModule {}
  return ScriptedLeaseModule;
}
