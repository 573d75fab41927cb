import { Injectable } from '@nestjs/common';

/** How far the provider's clock is from ours, as its answers show. */
@Injectable()
export class ProviderClock {
  private skew = 0;

  /** provider's clock minus ours, ms; 0 until measured */
  get skewMs(): number {
    return this.skew;
  }

  measured(skewMs: number): void {
    this.skew = skewMs;
  }
}
