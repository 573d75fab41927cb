import { describe, expect, it } from '@jest/globals';
import { InvalidOptionError } from '../kernel/livescore.errors.js';
import { type MqttIngestOptions, resolveMqttIngestOptions } from './mqtt-ingest.options.js';

function refusal(options: object): InvalidOptionError {
  try {
    resolveMqttIngestOptions(options as MqttIngestOptions);
  } catch (error) {
    if (error instanceof InvalidOptionError) return error;
    throw error;
  }
  throw new Error(`accepted ${JSON.stringify(options)}`);
}

describe('resolveMqttIngestOptions', () => {
  it('has the documented defaults', () => {
    expect(resolveMqttIngestOptions()).toEqual({
      url: 'mqtt://mq.thesports.com',
      host: 'mq.thesports.com',
      secure: false,
      topics: ['thesports/football/match/v1'],
      username: undefined,
      password: undefined,
      clientId: expect.stringMatching(/^livescore[0-9a-f]{12}$/),
      clientIdGiven: false,
      qos: 0,
      acknowledge: 'after-commit',
      session: 'clean',
      sessionExpiryS: 3_600,
      receiveMaximum: 1_000,
      maxUnacknowledged: 12_000,
      protocolVersion: 4,
      tls: {},
      keepaliveS: 60,
      connectTimeoutMs: 10_000,
      reconnectMs: 1_000,
      yieldEvery: 128,
      rateWindowMs: 30_000,
      maxPayloadBytes: 1_048_576,
    });
  });

  it('takes credentials out of the address, and prefers those given beside it', () => {
    expect(resolveMqttIngestOptions({ url: 'mqtts://me:p%40ss@broker:8884' })).toMatchObject({
      url: 'mqtts://broker:8884',
      host: 'broker:8884',
      username: 'me',
      password: 'p@ss',
    });
    expect(
      resolveMqttIngestOptions({ url: 'ws://me:x@broker/mqtt', username: 'you', password: 'other' }),
    ).toMatchObject({ url: 'ws://broker/mqtt', username: 'you', password: 'other' });
  });

  it.each([5, true, {}, 'a/b', null])('refuses topics that are no list: %p', (topics) => {
    expect(refusal({ topics }).message).toContain('topics');
  });

  it('keeps the session for QoS 1, unless told otherwise', () => {
    expect(resolveMqttIngestOptions({ qos: 1, clientId: 'mine' })).toMatchObject({
      session: 'persistent',
      clientId: 'mine',
      clientIdGiven: true,
    });
    expect(resolveMqttIngestOptions({ qos: 1, session: 'clean' }).session).toBe('clean');
  });

  it('gives two applications two client ids, and drops repeated topics', () => {
    const options = resolveMqttIngestOptions({ topics: ['a', 'b/+', 'a'] });
    expect(options.topics).toEqual(['a', 'b/+']);
    expect(options.clientId).not.toBe(resolveMqttIngestOptions().clientId);
  });

  it.each<[option: string, options: object]>([
    ['url', { url: 'http://broker' }],
    ['url', { url: 'broker' }],
    ['url', { url: 'mqtt://' }],
    ['url', { url: 1883 }],
    ['topics', { topics: [] }],
    ['topics', { topics: ['a/#/b'] }],
    ['topics', { topics: 'a' }],
    ['username', { username: ' ' }],
    ['username', { password: 'x' }],
    ['password', { username: 'me', password: '' }],
    ['clientId', { clientId: '' }],
    ['clientId', { clientId: 'x'.repeat(129) }],
    ['qos', { qos: 2 }],
    ['acknowledge', { acknowledge: 'never' }],
    ['session', { session: 'none' }],
    ['sessionExpiryS', { sessionExpiryS: 0 }],
    ['receiveMaximum', { receiveMaximum: 65_536 }],
    ['maxUnacknowledged', { maxUnacknowledged: 9 }],
    ['protocolVersion', { protocolVersion: 3 }],
    ['tls', { tls: true }],
    ['tls', { url: 'mqtt://broker', tls: { ca: 'x' } }],
    ['tls.key', { url: 'mqtts://broker', tls: { cert: 'x' } }],
    ['tls.cert', { url: 'mqtts://broker', tls: { key: 'x' } }],
    ['tls.ca', { url: 'mqtts://broker', tls: { ca: ['x'] } }],
    ['tls.cert', { url: 'mqtts://broker', tls: { cert: 'x', key: 'y' } }],
    ['tls.rejectUnauthorized', { url: 'wss://broker', tls: { rejectUnauthorized: 'no' } }],
    ['keepaliveS', { keepaliveS: 0 }],
    ['connectTimeoutMs', { connectTimeoutMs: 99 }],
    ['reconnectMs', { reconnectMs: 0 }],
    ['yieldEvery', { yieldEvery: 1.5 }],
    ['rateWindowMs', { rateWindowMs: Number.NaN }],
    ['maxPayloadBytes', { maxPayloadBytes: 1_048_577 }],
  ])('refuses a bad %s, naming module and option: %j', (option, options) => {
    const error = refusal(options);
    expect(error.message).toContain(`MqttIngestModule: option "${option}" must be `);
    expect(error.message).toContain('received ');
    expect(error.faults).toContainEqual(expect.objectContaining({ module: 'MqttIngestModule', option }));
  });

  it.each([
    { username: 'me', password: ['hidden-one'] },
    { url: 'tcp://me:hidden-one@broker' },
    { url: 'mqtt://me:hidden-one%ZZ@broker' },
    { url: 'mqtts://broker', tls: { cert: 'x', key: 'hidden-one' } },
  ])('shows no password or key in the refusal', (options) => {
    expect(refusal(options).message).not.toContain('hidden-one');
  });
});
