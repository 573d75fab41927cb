import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EventLog } from '../../../kernel/event-log.js';
import { FakeClock } from '../../../testing/index.js';
import { FeedLog } from '../../feed-log.js';
import { type MqttIngestOptions, resolveMqttIngestOptions } from '../../mqtt-ingest.options.js';
import { ConnectionReport } from './connection-report.js';

afterEach(() => {
  jest.restoreAllMocks();
});

function warningsAt(options: MqttIngestOptions): unknown[] {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
  const quiet = { connecting: () => undefined } as never;
  const report = new ConnectionReport(new FakeClock(), quiet, quiet, quiet, resolveMqttIngestOptions(options));
  report.connecting('me', true);
  return warn.mock.calls;
}

const WARNING = 'The password goes to the broker unencrypted: use mqtts:// or wss://';

describe('the first attempt to connect', () => {
  it.each(['mqtt://me:word@broker:1883', 'ws://me:word@broker:1883/mqtt', 'mqtt://me:word@127.0.0.1:1883'])(
    'warns of a password that anybody on the way can read: %s',
    (url) => {
      const warnings = warningsAt({ url });
      expect(warnings).toEqual([[WARNING, { host: new URL(url).host }]]);
      expect(JSON.stringify(warnings)).not.toContain('word@');
    },
  );

  it('warns of one that stands beside the address', () => {
    expect(warningsAt({ url: 'mqtt://broker', username: 'me', password: 'word' })).toHaveLength(1);
  });

  it.each([{ url: 'mqtts://me:word@broker' }, { url: 'wss://me:word@broker' }, { url: 'mqtt://broker' }])(
    'has nothing to warn of with %j',
    (options) => {
      expect(warningsAt(options)).toEqual([]);
    },
  );
});

describe('a broker that lets us in and throws us out', () => {
  it('does not choose how much is logged', () => {
    const lines: unknown[] = [];
    for (const level of ['log', 'warn'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation((line: unknown) => lines.push(line));
    }
    const [clock, options] = [new FakeClock(), resolveMqttIngestOptions()];
    const nothing = () => undefined;
    const status = {
      noteConnected: nothing,
      noteSession: nothing,
      noteDisconnected: nothing,
      topics: [],
      clientId: 'me',
      connected: true,
    } as never;
    const report = new ConnectionReport(
      clock,
      status,
      new FeedLog(clock, new EventLog(clock), options),
      { publish: nothing } as never,
      options,
    );
    for (let n = 0; n < 1_000; n++) {
      report.connected(false);
      report.subscribed();
      report.lost();
    }
    expect(lines.length).toBeLessThanOrEqual(50);
    clock.advance(60_000);
    report.connected(false);
    expect(lines.at(-1)).toBe('Session at the broker');
  });
});
