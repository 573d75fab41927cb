import { LiveScoreModule } from '@goalgpt/livescore';
import { CacheModule } from '@nestjs/cache-manager';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url: process.env.DATABASE_URL }),
    CacheModule.register({ isGlobal: true }),
    LiveScoreModule.forRoot({ mqtt: { url: process.env.MQTT_URL } }),
  ],
})
export class HostModule {}
