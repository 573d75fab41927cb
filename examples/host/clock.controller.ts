import { Controller, Get, Header } from '@nestjs/common';
import { Clock } from '../../src/index.js';
import { ClockSpeed } from './clock-speed.js';

/** Lets the page measure latency although its clock differs from ours, or ours runs at the demo's speed. */
@Controller('api/clock')
export class ClockController {
  constructor(
    private readonly clock: Clock,
    private readonly speed: ClockSpeed,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  now(): { nowMs: number; systemMs: number; rate: number } {
    return {
      nowMs: this.clock.nowMs(),
      systemMs: performance.timeOrigin + performance.now(),
      rate: this.speed.rate,
    };
  }
}
