import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { clientOf, plainAddress } from '../../kernel/client-network.js';
import { Scheduler } from '../../kernel/scheduler.js';

const WINDOW_MS = 600_000;
const MOST_OF_ONE_ADDRESS = 10;
const MOST_ADDRESSES = 10_000;

interface Window {
  readonly beganAtMs: number;
  readonly wrong: number;
}

/**
 * Counts wrong secrets: after 10 of one address within ten minutes none of it is looked at until they are over. Addresses of one
 * IPv6 network (/64) are one. Others are not kept out by it, and a session that has begun goes on.
 */
@Injectable()
export class SignInAttempts {
  private readonly addresses = new LRUCache<string, Window>({ max: MOST_ADDRESSES });

  constructor(private readonly scheduler: Scheduler) {}

  /** Seconds until a secret of this address is looked at again; 0: at once. */
  waitS(address: string): number {
    const nowMs = this.scheduler.monotonicMs();
    const { beganAtMs, wrong } = this.present(address, nowMs);
    return wrong < MOST_OF_ONE_ADDRESS ? 0 : Math.max(1, Math.ceil((beganAtMs + WINDOW_MS - nowMs) / 1_000));
  }

  wrong(address: string): void {
    const { beganAtMs, wrong } = this.present(address, this.scheduler.monotonicMs());
    this.addresses.set(clientOf(plainAddress(address)), { beganAtMs, wrong: wrong + 1 });
  }

  private present(address: string, nowMs: number): Window {
    const known = this.addresses.get(clientOf(plainAddress(address)));
    return known && known.beganAtMs + WINDOW_MS > nowMs ? known : { beganAtMs: nowMs, wrong: 0 };
  }
}
