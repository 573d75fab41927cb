// The package in a host of its own process: forked by the program, never imported.
import { CacheModule } from '@nestjs/cache-manager';
import { ConsoleLogger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { closeOnSignals } from '../../../examples/host/close-on-signals.js';
import { connectLiveScoreFeed, LiveScoreModule, type LiveScoreOptions, ProviderApi } from '../../../src/index.js';

export interface ChaosHostSettings {
  readonly databaseUrl: string;
  readonly options: LiveScoreOptions;
}

/** Asks a host for all live matches, as a lookup does. */
export interface LiveQuestion {
  readonly ask: 'live';
}

export interface LiveAnswer {
  readonly tookMs: number;
  readonly error: string | null;
}

@Module({})
class ChaosHost {}

const { databaseUrl, options } = JSON.parse(process.env.CHAOS ?? '{}') as ChaosHostSettings;
const app = await NestFactory.create(
  {
    module: ChaosHost,
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', url: databaseUrl }),
      ScheduleModule.forRoot(),
      CacheModule.register({ isGlobal: true }),
      LiveScoreModule.forRoot(options),
    ],
  },
  { logger: new ConsoleLogger({ compact: true }) },
);
closeOnSignals(() => app.close());
// without its program it has nothing to do
process.once('disconnect', () => process.exit(1));
await connectLiveScoreFeed(app);
await app.listen(0, '127.0.0.1');

async function askLive(): Promise<LiveAnswer> {
  const beganMs = performance.now();
  const told = (error: string | null) => ({ tookMs: performance.now() - beganMs, error });
  try {
    await app.get(ProviderApi, { strict: false }).liveMatches();
    return told(null);
  } catch (error) {
    return told(String(error));
  }
}

process.on('message', async ({ id }: LiveQuestion & { readonly id: number }) => {
  process.send?.({ id, answer: await askLive() });
});
process.send?.({ ready: true });
