import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Scheduler } from '../../kernel/scheduler.js';

const WINDOW_MS = 600_000;
const MOST_OF_ONE_ADDRESS = 10;
const MOST = 1_000;
const MOST_ADDRESSES = 10_000;

interface Window {
  readonly beganAtMs: number;
  wrong: number;
}

/**
 * Counts wrong secrets: after 10 of one address, or 1,000 of all, within ten minutes no secret is looked at until they are over.
 * A session that has begun goes on.
 */
@Injectable()
export class SignInAttempts {
  private readonly addresses = new LRUCache<string, Window>({ max: MOST_ADDRESSES });
  private all: Window;

  constructor(private readonly scheduler: Scheduler) {
    this.all = { beganAtMs: scheduler.monotonicMs(), wrong: 0 };
  }

  /** Seconds until a secret of this address is looked at again; 0: at once. */
  waitS(address: string): number {
    const nowMs = this.scheduler.monotonicMs();
    const one = this.present(this.addresses.get(address), nowMs);
    const all = this.present(this.all, nowMs);
    const full = one.wrong >= MOST_OF_ONE_ADDRESS ? one : all.wrong >= MOST ? all : null;
    return full ? Math.max(1, Math.ceil((full.beganAtMs + WINDOW_MS - nowMs) / 1_000)) : 0;
  }

  wrong(address: string): void {
    const nowMs = this.scheduler.monotonicMs();
    const one = this.present(this.addresses.get(address), nowMs);
    one.wrong += 1;
    this.addresses.set(address, one);
    this.all = this.present(this.all, nowMs);
    this.all.wrong += 1;
  }

  private present(known: Window | undefined, nowMs: number): Window {
    return known && known.beganAtMs + WINDOW_MS > nowMs ? known : { beganAtMs: nowMs, wrong: 0 };
  }
}
