import { describe, expect, it } from '@jest/globals';
import { PROVIDER_TOPIC, readEnvironment } from '../../examples/host/environment.js';

describe('environment of the example host', () => {
  it('is all embedded when nothing is set, or blank', () => {
    const embedded = {
      databaseUrl: null,
      mqttUrl: null,
      mqttUsername: undefined,
      mqttPassword: undefined,
      mqttTopic: PROVIDER_TOPIC,
      redisUrl: null,
      port: null,
    };
    expect(readEnvironment({})).toEqual(embedded);
    expect(readEnvironment({ DATABASE_URL: '', MQTT_URL: ' ', PORT: '', REDIS_URL: '' })).toEqual(embedded);
  });

  it('takes every variable', () => {
    expect(
      readEnvironment({
        DATABASE_URL: 'postgres://db/x',
        MQTT_URL: 'mqtts://broker',
        MQTT_USERNAME: 'user',
        MQTT_PASSWORD: 'word',
        MQTT_TOPIC: 'a/b',
        REDIS_URL: 'redis://cache',
        PORT: '8080',
      }),
    ).toEqual({
      databaseUrl: 'postgres://db/x',
      mqttUrl: 'mqtts://broker',
      mqttUsername: 'user',
      mqttPassword: 'word',
      mqttTopic: 'a/b',
      redisUrl: 'redis://cache',
      port: 8080,
    });
  });

  it.each(['http', '-1', '65536', '1.5'])('refuses PORT=%s', (PORT) => {
    expect(() => readEnvironment({ PORT })).toThrow(`received "${PORT}"`);
  });

  it('refuses an address that is none of PostgreSQL, without repeating it', () => {
    expect(() => readEnvironment({ DATABASE_URL: 'mysql://user:secret@host/db' })).toThrow(
      /^DATABASE_URL must be .*postgres:\/\//,
    );
    expect(() => readEnvironment({ DATABASE_URL: 'mysql://user:secret@host/db' })).not.toThrow(/secret/);
  });
});
