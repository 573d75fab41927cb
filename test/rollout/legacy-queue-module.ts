import { type DynamicModule } from '@nestjs/common';
import {
  type LegacyQueueItem,
  type LegacyQueueStats,
  LegacyScorePath,
} from '../../src/legacy-bridge/ports/legacy-score-path.js';

/** Takes everything and writes nothing. */
export class IdleLegacyQueue extends LegacyScorePath {
  readonly enqueued: [string, LegacyQueueItem][] = [];

  override enqueue(matchId: string, item: LegacyQueueItem): void {
    this.enqueued.push([matchId, item]);
  }

  override async flush(): Promise<void> {}

  override getStats(): LegacyQueueStats {
    return { queueSize: 0, batchSize: 10, flushIntervalMs: 100, isFlushing: false };
  }

  override stop(): void {}
}

/** As a host binds its queue. */
export function legacyQueueModule(queue: LegacyScorePath): DynamicModule {
  class LegacyQueueModule {}
  const providers = [{ provide: LegacyScorePath, useValue: queue }];
  return { module: LegacyQueueModule, global: true, providers, exports: providers };
}
