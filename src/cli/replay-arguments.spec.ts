import { describe, expect, it } from '@jest/globals';
import { UsageError } from './cli.errors.js';
import { readReplayArguments } from './replay-arguments.js';

const ENV = { DATABASE_URL: 'postgres://db/x' };

describe('the arguments of replay', () => {
  it('take their defaults from the environment', () => {
    const env = { ...ENV, MQTT_URL: 'mqtt://b', MQTT_TOPIC: 't', MQTT_USERNAME: 'u', MQTT_PASSWORD: 'p', PORT: '8080' };
    expect(readReplayArguments(['cup.json'], env)).toMatchObject({
      file: 'cup.json',
      options: {
        databaseUrl: 'postgres://db/x',
        mqttUrl: 'mqtt://b',
        topic: 't',
        username: 'u',
        password: 'p',
        wsUrl: 'ws://127.0.0.1:8080/ws',
        speed: 'max',
        qos: 0,
        chaos: false,
        verify: false,
      },
    });
  });

  it('count empty variables as unset', () => {
    const found = readReplayArguments(['cup.json'], { ...ENV, MQTT_URL: '', MQTT_TOPIC: '' });
    expect(found?.options).toMatchObject({ mqttUrl: 'mqtt://127.0.0.1:1883', topic: 'thesports/football/match/v1' });
  });

  it('override the environment', () => {
    const argv = ['--speed', '60', 'cup.json', '--url', 'https://host:1', '--topic=x', '--qos', '1', '--chaos'];
    expect(readReplayArguments(argv, ENV)?.options).toMatchObject({
      speed: 60,
      wsUrl: 'wss://host:1/ws',
      topic: 'x',
      qos: 1,
      chaos: true,
    });
  });

  it.each([
    [['cup.json', '--speed', 'fast'], ENV, '--speed'],
    [['cup.json', '--speed', '0'], ENV, '--speed'],
    [['cup.json', '--matches-at-once', '1.5'], ENV, '--matches-at-once'],
    [['cup.json', '--rate', ''], ENV, '--rate'],
    [['cup.json', '--qos', '2'], ENV, '--qos'],
    [['cup.json', '--url', 'nowhere'], ENV, '--url'],
    [['cup.json', '--sped', '1'], ENV, '--sped'],
    [[], ENV, 'FILE'],
    [['a.json', 'b.json'], ENV, 'FILE'],
    [['cup.json'], {}, 'DATABASE_URL'],
  ])('refuse %j', (argv, env, named) => {
    expect(() => readReplayArguments(argv, env)).toThrow(UsageError);
    expect(() => readReplayArguments(argv, env)).toThrow(named);
  });
});
