import { CacheModule } from '@nestjs/cache-manager';
import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LiveScoreModule } from '../../src/index.js';
import { LegacyPathModule } from '../legacy/legacy-path.module.js';
import { AuthenticationModule } from './authentication.module.js';
import { cacheStore } from './cache-store.js';
import { ClockController } from './clock.controller.js';
import { ClockSpeed } from './clock-speed.js';
import { DatabaseConnection } from './database-connection.js';
import type { HostSettings } from './host.settings.js';
import { MatchReader } from './match-reader.js';
import { MatchesController } from './matches.controller.js';
import { PredictionsController } from './predictions.controller.js';
import { HostBroadcastModule } from './rollout/host-broadcast.module.js';
import { ScoreboardController } from './scoreboard.controller.js';

@Module({
  controllers: [MatchesController, PredictionsController, ScoreboardController, ClockController],
  providers: [DatabaseConnection, MatchReader, ClockSpeed],
})
export class HostModule {
  static with(settings: HostSettings): DynamicModule {
    return {
      module: HostModule,
      imports: [
        // connected in the background: see DatabaseConnection
        TypeOrmModule.forRoot({
          type: 'postgres',
          url: settings.databaseUrl,
          connectTimeoutMS: 3_000,
          manualInitialization: true,
        }),
        ScheduleModule.forRoot(),
        CacheModule.register({ isGlobal: true, ...cacheStore(settings.redisUrl) }),
        ...(settings.rollout ? [LegacyPathModule.with(settings), HostBroadcastModule] : []),
        ...(settings.jwtSecret ? [AuthenticationModule.with(settings.jwtSecret)] : []),
        LiveScoreModule.forRoot({
          mqtt: {
            url: settings.mqttUrl,
            topics: [settings.mqttTopic],
            username: settings.mqttUsername,
            password: settings.mqttPassword,
            qos: settings.mqttQos,
            keepaliveS: settings.mqttKeepaliveS,
          },
          writer: { restLagMs: settings.restLagMs },
          lease: { ttlMs: settings.leaseTtlMs },
          recovery: { minIntervalMs: settings.recoveryIntervalMs, silenceMs: settings.recoverySilenceMs },
          broadcast: {
            trustedProxies: settings.trustedProxies,
            origins: settings.origins,
            redis: settings.busUrl === null ? undefined : { url: settings.busUrl },
          },
          health: { internalSecret: settings.internalSecret },
          operations: { secret: settings.operationsSecret },
          provider: {
            baseUrl: settings.providerUrl,
            user: settings.providerUser,
            secret: settings.providerSecret,
            requestsPerSecond: settings.providerRate,
            burst: settings.providerBurst,
          },
          sync: { mode: settings.sync },
          minute: { mode: settings.minute, tickMs: settings.minuteTickMs },
          settlement: { mode: settings.settlement },
          rollout: { legacyItems: ['score'], watch: watchOf(settings) },
          withRollout: settings.rollout,
          role: settings.role,
          liveRoutes: true,
          metricsRoute: settings.metrics,
        }),
      ],
    };
  }
}

function watchOf({ rolloutCompareMs: compareMs, rolloutMaxP95Ms: maxP95Ms }: HostSettings) {
  return { compareMs, limits: maxP95Ms === undefined ? {} : { maxP95Ms } };
}
