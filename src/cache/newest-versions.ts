import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

/** Anything that tells which committed state of a match it shows. */
export interface Versioned {
  readonly version: number;
  /** @default the epoch of what it is compared with */
  readonly epoch?: number;
}

const MATCHES = 10_000;

/** Newest version of a match this process saw committed, for the 10,000 most recently changed matches. */
@Injectable()
export class NewestVersions {
  private readonly newest = new LRUCache<string, Required<Versioned>>({ max: MATCHES });

  note(matchId: string, epoch: number, version: number): void {
    this.newest.set(matchId, { epoch, version });
  }

  isOlder(matchId: string, { epoch, version }: Versioned): boolean {
    const newest = this.newest.get(matchId);
    if (!newest) return false;
    return epoch === undefined || epoch === newest.epoch ? version < newest.version : epoch < newest.epoch;
  }
}
