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
      host: '127.0.0.1',
      trustedProxies: [],
      internalSecret: undefined,
      jwtSecret: undefined,
      port: null,
      mqttQos: 0,
      mqttKeepaliveS: undefined,
      restLagMs: undefined,
      leaseTtlMs: undefined,
      recoveryIntervalMs: undefined,
      recoverySilenceMs: undefined,
      providerUrl: undefined,
      providerUser: undefined,
      providerSecret: undefined,
      metrics: false,
      role: 'both',
      busUrl: null,
      rollout: false,
      minute: 'on',
      settlement: 'on',
      sync: 'off',
      minuteTickMs: undefined,
      providerRate: undefined,
      providerBurst: undefined,
      rolloutCompareMs: undefined,
      rolloutMaxP95Ms: undefined,
    };
    expect(readEnvironment({})).toEqual(embedded);
    expect(readEnvironment({ DATABASE_URL: '', MQTT_URL: ' ', PORT: '', REDIS_URL: '' })).toEqual(embedded);
  });

  it.each([
    ['DATABASE_URL', 'postgres://u:a/Hidden7@h/x'],
    ['DATABASE_URL', 'postgres://u:1/Hidden7@h/x'],
    ['DATABASE_URL', 'u:Hidden7@h/x'],
    ['REDIS_URL', 'redis://u:a/Hidden7@h'],
    ['REDIS_URL', 'redis://u:1?Hidden7@h'],
    ['REDIS_URL', 'redis://u:1#Hidden7@h'],
    ['REDIS_URL', 'u:Hidden7@h'],
  ])('repeats nothing of an address that cannot be read: %s=%s', (name, value) => {
    const read = () => readEnvironment({ [name]: value });
    expect(read).toThrow(`${name} must be an address that begins with `);
    expect(read).not.toThrow('Hidden7');
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
        HOST: '0.0.0.0',
        TRUSTED_PROXIES: '192.0.2.5, 10.0.0.0/8',
        LIVESCORE_INTERNAL_SECRET: 'whistle',
        LIVESCORE_OPERATIONS_SECRET: 'floodlights',
        LIVESCORE_JWT_SECRET: 'a secret of thirty-two bytes, at least',
        MQTT_QOS: '1',
        MQTT_KEEPALIVE_S: '20',
        REST_LAG_MS: '5000',
        LEASE_TTL_MS: '4000',
        RECOVERY_INTERVAL_MS: '2000',
        RECOVERY_SILENCE_MS: '3000',
        THESPORTS_API_URL: 'http://127.0.0.1:8090/v1/football',
        THESPORTS_API_USER: 'club',
        THESPORTS_API_SECRET: 'colours',
        THESPORTS_API_RATE: '2',
        THESPORTS_API_BURST: '7',
        LIVESCORE_SYNC: 'shadow',
        METRICS: 'on',
        LIVESCORE_ROLE: 'gateway',
        REDIS_BUS_URL: 'redis://bus',
        ROLLOUT: 'true',
        LIVESCORE_MINUTE: 'shadow',
        LIVESCORE_SETTLEMENT: 'shadow',
        MINUTE_TICK_MS: '5000',
        ROLLOUT_COMPARE_MS: '250',
        ROLLOUT_MAX_P95_MS: '500',
      }),
    ).toEqual({
      databaseUrl: 'postgres://db/x',
      mqttUrl: 'mqtts://broker',
      mqttUsername: 'user',
      mqttPassword: 'word',
      mqttTopic: 'a/b',
      redisUrl: 'redis://cache',
      port: 8080,
      host: '0.0.0.0',
      trustedProxies: ['192.0.2.5', '10.0.0.0/8'],
      internalSecret: 'whistle',
      operationsSecret: 'floodlights',
      jwtSecret: 'a secret of thirty-two bytes, at least',
      mqttQos: 1,
      mqttKeepaliveS: 20,
      restLagMs: 5000,
      leaseTtlMs: 4000,
      recoveryIntervalMs: 2000,
      recoverySilenceMs: 3000,
      providerUrl: 'http://127.0.0.1:8090/v1/football',
      providerUser: 'club',
      providerSecret: 'colours',
      metrics: true,
      role: 'gateway',
      busUrl: 'redis://bus',
      rollout: true,
      minute: 'shadow',
      settlement: 'shadow',
      sync: 'shadow',
      providerRate: 2,
      providerBurst: 7,
      minuteTickMs: 5000,
      rolloutCompareMs: 250,
      rolloutMaxP95Ms: 500,
    });
  });

  it('refuses a secret for tokens that is too short, without repeating it', () => {
    const read = () => readEnvironment({ LIVESCORE_JWT_SECRET: 'Hidden7' });
    expect(read).toThrow('LIVESCORE_JWT_SECRET must have at least 32 bytes');
    expect(read).not.toThrow('Hidden7');
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
