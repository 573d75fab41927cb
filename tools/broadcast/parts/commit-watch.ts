import { setTimeout as sleep } from 'node:timers/promises';
import type { TrueRow } from '../clients/crew-member.js';
import type { BroadcastDatabase } from './broadcast-database.js';

const LOOK_EVERY_MS = 25;
/** nothing was committed for so long: the feed is worked off */
const QUIET_MS = 700;
const QUIET_TIMEOUT_MS = 60_000;

/** Looks at the database all the time: how much is committed, and who took the feed over when. */
export class CommitWatch {
  /** versions of all matches together */
  committed = 0;
  /** our clock, unix ms */
  readonly takeoversAtMs: number[] = [];
  private versions: ReadonlyMap<string, number> = new Map();
  private movedAt = performance.now();
  private fence = 0;
  private readonly ending = new AbortController();
  private readonly done: Promise<void>;

  constructor(private readonly database: BroadcastDatabase) {
    this.done = this.look();
  }

  /** of the row, as it was a moment ago */
  versionOf(matchId: string): number {
    return this.versions.get(matchId) ?? 0;
  }

  /** The rows, once nothing is committed any more. */
  async quietRows(): Promise<readonly TrueRow[]> {
    const deadline = performance.now() + QUIET_TIMEOUT_MS;
    while (performance.now() - this.movedAt < QUIET_MS) {
      if (performance.now() > deadline) throw new Error('The feed was not worked off');
      await sleep(LOOK_EVERY_MS);
    }
    return this.database.rows();
  }

  async end(): Promise<void> {
    this.ending.abort();
    await this.done;
  }

  private async look(): Promise<void> {
    while (!this.ending.signal.aborted) {
      const { versions, fence } = await this.database.progress();
      const committed = [...versions.values()].reduce((sum, version) => sum + version, 0);
      this.versions = versions;
      if (committed !== this.committed) this.movedAt = performance.now();
      if (fence > this.fence) this.takeoversAtMs.push(Date.now());
      this.committed = committed;
      this.fence = Math.max(fence, this.fence);
      await sleep(LOOK_EVERY_MS);
    }
  }
}
