import { Injectable } from '@nestjs/common';
import { ProviderApi } from './ports/provider-api.js';
import { ProviderReach } from './ports/provider-reach.js';

/** One failure is a bad moment; so many in a row are an outage. */
const FAILING_AFTER = 3;

/** Remembers how the last lookups ended: whether the provider can be asked shows when it is asked. */
@Injectable()
export class LookupRecord extends ProviderReach {
  private failures = 0;

  constructor(private readonly api: ProviderApi) {
    super();
  }

  override get reach(): ProviderReach['reach'] {
    if (!this.api.enabled) return 'absent';
    return this.failures < FAILING_AFTER ? 'answering' : 'failing';
  }

  answered(): void {
    this.failures = 0;
  }

  failed(): void {
    this.failures += 1;
  }
}
