import { CacheModule } from '@nestjs/cache-manager';
import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LiveScoreModule } from '../../src/index.js';
import { cacheStore } from './cache-store.js';
import { ClockController } from './clock.controller.js';
import { ClockSpeed } from './clock-speed.js';
import { DatabaseConnection } from './database-connection.js';
import type { HostSettings } from './host.settings.js';
import { MatchReader } from './match-reader.js';
import { MatchesController } from './matches.controller.js';
import { ScoreboardController } from './scoreboard.controller.js';

@Module({
  controllers: [MatchesController, ScoreboardController, ClockController],
  providers: [DatabaseConnection, MatchReader, ClockSpeed],
})
export class HostModule {
  static with({ databaseUrl, mqttUrl, mqttUsername, mqttPassword, mqttTopic, redisUrl }: HostSettings): DynamicModule {
    return {
      module: HostModule,
      imports: [
        // connected in the background: see DatabaseConnection
        TypeOrmModule.forRoot({
          type: 'postgres',
          url: databaseUrl,
          connectTimeoutMS: 3_000,
          manualInitialization: true,
        }),
        CacheModule.register({ isGlobal: true, ...cacheStore(redisUrl) }),
        LiveScoreModule.forRoot({
          mqtt: { url: mqttUrl, topics: [mqttTopic], username: mqttUsername, password: mqttPassword },
        }),
      ],
    };
  }
}
