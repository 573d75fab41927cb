import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { LegacyOrchestrator, LegacyScorePath } from '../../src/rollout/index.js';
import { LegacyPath, type LegacyPathOptions } from './legacy-path.js';

/** How a host binds its own path for the rollout: the queue as `LegacyScorePath`, the orchestrator beside it. */
@Global()
@Module({})
export class LegacyPathModule implements OnApplicationShutdown {
  static with(options: LegacyPathOptions): DynamicModule {
    return {
      module: LegacyPathModule,
      providers: [
        { provide: LegacyPath, useFactory: () => new LegacyPath(options) },
        { provide: LegacyScorePath, inject: [LegacyPath], useFactory: ({ queue }: LegacyPath) => queue },
        { provide: LegacyOrchestrator, inject: [LegacyPath], useFactory: (path: LegacyPath) => path.orchestrator },
      ],
      exports: [LegacyPath, LegacyScorePath, LegacyOrchestrator],
    };
  }

  constructor(@Inject(LegacyPath) private readonly path: LegacyPath) {}

  async onApplicationShutdown(): Promise<void> {
    await this.path.close();
  }
}
