import { Injectable } from '@nestjs/common';
import type { Committed } from '../contracts/committed-changes.js';
import { BroadcastFeed } from './broadcast-feed.js';
import { ConnectCatchUp } from './ports/connect-catch-up.js';

/** Tells clients once more what was committed. */
@Injectable()
export class BroadcastService {
  constructor(
    private readonly feed: BroadcastFeed,
    private readonly newcomers: ConnectCatchUp,
  ) {}

  /**
   * Sends the frames of changes that clients may have heard of before, with their versions: to those connected now,
   * and to each that connects until `stopRepeating`.
   */
  repeat(changes: readonly Committed[]): void {
    const told = this.feed.toldOf(changes, { again: true });
    this.newcomers.greetWith(told.flatMap(({ frames }) => frames));
    this.feed.tellEverywhere(told);
  }

  /** Clients that connect are sent these, too, after what is repeated: what came later is to have the last word. */
  repeatToNewcomers(changes: readonly Committed[]): void {
    this.newcomers.greetWith(this.feed.toldOf(changes).flatMap(({ frames }) => frames));
  }

  stopRepeating(): void {
    this.newcomers.greetPlainly();
  }
}
