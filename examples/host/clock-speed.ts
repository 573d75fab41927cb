import { Injectable } from '@nestjs/common';
import { Clock } from '../../src/index.js';

/** How fast the application's clock runs. Only the demo changes it: its matches are over in a few minutes. */
@Injectable()
export class ClockSpeed {
  private factor = 1;

  constructor(private readonly clock: Clock) {}

  get rate(): number {
    return this.factor;
  }

  /** From now on the application's clock runs `rate` times as fast as the system's. */
  speedUp(rate: number): void {
    const originMs = this.clock.nowMs();
    const startedAt = performance.now();
    this.factor = rate;
    this.clock.nowMs = () => Math.floor(originMs + (performance.now() - startedAt) * rate);
  }
}
