import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connectLiveScoreFeed } from '../../src/mqtt-ingest/connect-feed.js';
import type { MqttIngestOptions } from '../../src/mqtt-ingest/mqtt-ingest.options.js';
import type { MqttTlsOptions } from '../../src/mqtt-ingest/mqtt-tls.options.js';
import { createIngestApp, frame, type IngestApp, publisher, uniqueTopic } from '../mqtt-ingest/ingest-app.js';
import { startBroker } from '../support/broker.js';
import { type Certificate, PrivateAuthority } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { TLS_BROKERS } from './tls-brokers.js';

guardAgainstLeaks();

const SECRET = 'told-to-nobody';

describe.each(TLS_BROKERS)('TLS to the broker, with a private certificate: %s', (_, startTlsBroker) => {
  const topic = uniqueTopic();
  let authority: PrivateAuthority;
  let others: PrivateAuthority;
  let ours: Certificate;
  const stops: (() => Promise<void>)[] = [];
  let host: IngestApp | undefined;

  beforeAll(() => {
    authority = new PrivateAuthority();
    others = new PrivateAuthority('Authority of somebody else');
    ours = authority.client('livescore');
  });
  afterEach(async () => {
    await host?.app.close();
    const told = JSON.stringify([host?.lines, host?.status.lastError]);
    host = undefined;
    for (const stop of stops.splice(0)) await stop();
    expect(told).not.toContain(SECRET);
    expect(told).not.toContain('PRIVATE KEY');
  });
  afterAll(() => {
    for (const one of [authority, others]) one.remove();
  });

  const broker = async (certificate: Certificate, asksClients = false): Promise<string> => {
    const clients = asksClients ? { clientCa: authority.ca, clientCaFile: authority.caFile } : {};
    const { url, stop } = await startTlsBroker({ certificate, ...clients });
    stops.push(stop);
    return url;
  };
  const start = async (url: string, tls: MqttTlsOptions, options: MqttIngestOptions = {}): Promise<IngestApp> => {
    host = await createIngestApp({ url, tls, topics: [topic], username: 'feed', password: SECRET, ...options });
    await connectLiveScoreFeed(host.app);
    await host.app.init();
    return host;
  };
  const reason = async ({ status }: IngestApp) => {
    await eventually(() => status.lastError !== null, { what: 'a failed attempt' });
    return status.lastError;
  };

  it('takes frames over it, when the authority is named', async () => {
    const url = await broker(authority.server());
    const { subscribed, sink, lines } = await start(url, { ca: authority.ca });
    await subscribed();
    const client = await publisher(url, { ca: authority.ca });
    await client.publishAsync(topic, frame('m1'));
    await eventually(() => sink.matchIds.includes('m1'), { what: 'the frame' });
    await client.endAsync();
    expect(JSON.stringify(lines)).not.toContain('unencrypted');
  });

  it('shows our certificate to a broker that asks for one', async () => {
    const url = await broker(authority.server(), true);
    const { subscribed } = await start(url, { ca: authority.ca, cert: ours.cert, key: ours.key });
    await subscribed();
  });

  it.each<[string, () => [Certificate, MqttTlsOptions], RegExp]>([
    ['no authority is named', () => [authority.server(), {}], /^\w+, .*not trusted here: .*`ca`/],
    ['another authority is named', () => [authority.server(), { ca: others.ca }], /^\w+, .*not trusted here: .*`ca`/],
    [
      'the certificate is for another host',
      () => [authority.server({ host: 'other.example' }), { ca: authority.ca }],
      /^ERR_TLS_CERT_ALTNAME_INVALID, .*another host; connect by a name that stands in it/,
    ],
    [
      'the certificate has expired',
      () => [authority.server({ expired: true }), { ca: authority.ca }],
      /^CERT_HAS_EXPIRED, .*renew it/,
    ],
  ])('does not connect when %s, and says what to do', async (_case, settings, expected) => {
    const [certificate, tls] = settings();
    const started = await start(await broker(certificate), tls);
    expect(await reason(started)).toMatch(expected);
    const told = started.lines.filter(({ message }) => message === 'Not connected to the broker');
    expect(told).toMatchObject([{ level: 'warn', data: { reason: expect.stringMatching(expected) } }]);
    expect(started.status.connected).toBe(false);
  });

  it('does not connect without the certificate that the broker asks for, and says what to do', async () => {
    const started = await start(await broker(authority.server(), true), { ca: authority.ca });
    expect(await reason(started)).toMatch(/^ERR_SSL_\w+, the server asks for our certificate: set `cert` and `key`/);
    expect(started.status.connected).toBe(false);
  });

  it('does not connect with a certificate that the broker does not trust', async () => {
    const { cert, key } = others.client('livescore');
    const started = await start(await broker(authority.server(), true), { ca: authority.ca, cert, key });
    await eventually(() => started.events('websocket.disconnected').length > 0, { what: 'a failed attempt' });
    expect(started.status.connected).toBe(false);
    // a broker may hang up without a word
    expect(started.status.lastError ?? 'hung up').toMatch(/not trust the authority of our certificate|hang up|hung up/);
  });

  it('does not connect to a port that speaks no TLS, and says so', async () => {
    const plain = await startBroker();
    stops.push(() => plain.stop());
    const started = await start(plain.url.replace('mqtt:', 'mqtts:'), { ca: authority.ca });
    expect(await reason(started)).toMatch(/^E\w+, .*no TLS is spoken at that port: correct the port/);
  });
});
