import { InvalidOptionError, LiveScoreModule } from '@goalgpt/livescore';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { liveScoreOptions } from './live-score.config.js';

/** The host's module with these variables, all of them texts. */
function boot(environment: Record<string, string>) {
  const imports = [
    ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, skipProcessEnv: true, load: [() => environment] }),
    TypeOrmModule.forRoot({ type: 'postgres', url: process.env.DATABASE_URL }),
    LiveScoreModule.forRootAsync({ inject: [ConfigService], useFactory: liveScoreOptions }),
  ];
  return Test.createTestingModule({ imports }).compile();
}

describe('options from @nestjs/config', () => {
  it('are numbers and flags where they have to be', async () => {
    const host = await boot({
      MQTT_KEEPALIVE_S: '30',
      LIVESCORE_POOL_SIZE: '4',
      LIVESCORE_LEASE: 'false',
      SERVICE_NAME: '',
    });
    const options = liveScoreOptions(host.get(ConfigService));
    expect(options.mqtt?.keepaliveS).toBe(30);
    expect(options.postgres?.poolSize).toBe(4);
    expect(options.lease?.enabled).toBe(false);
    expect(options.health?.service).toBeUndefined();
    await host.close();
  });

  it('that are no numbers end the boot with their name', async () => {
    const boots = boot({ LIVESCORE_POOL_SIZE: 'four' });
    await expect(boots).rejects.toThrow(InvalidOptionError);
    await expect(boots).rejects.toThrow('PostgresModule: option "poolSize"');
  });

  it('that are no flags end the boot with the name of the variable', async () => {
    await expect(boot({ LIVESCORE_LEASE: 'no' })).rejects.toThrow('LIVESCORE_LEASE must be true or false');
  });
});
