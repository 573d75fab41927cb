import { LiveScoreModule } from '@goalgpt/livescore';
import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { TypeOrmModule } from '@nestjs/typeorm';
import { liveScoreOptions } from './live-score.config.js';

/** Options from the environment, as docs/modules.md shows them. Without a cache: cache-manager is an optional peer. */
@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    TypeOrmModule.forRoot({ type: 'postgres', url: process.env.DATABASE_URL }),
    LiveScoreModule.forRootAsync({ inject: [ConfigService], useFactory: liveScoreOptions }),
  ],
})
export class HostModule {}
