import { LiveScoreModule } from '@goalgpt/livescore';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

/** Without a cache: cache-manager is an optional peer. */
@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url: process.env.DATABASE_URL }),
    LiveScoreModule.forRootAsync({ useFactory: () => ({ mqtt: { url: process.env.MQTT_URL } }) }),
  ],
})
export class HostModule {}
