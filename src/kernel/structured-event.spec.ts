import { inspect } from 'node:util';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ConsoleLogger } from '@nestjs/common';
import { jsonLine, StructuredEvent, textLine } from './structured-event.js';

const NOW_MS = 1_700_000_000_999;

function event(name: string, fields = {}): StructuredEvent {
  return new StructuredEvent('goalgpt-dashboard', name, fields, NOW_MS);
}

const success = event('mqtt.direct_write.success', {
  matchId: 'l7oqdehg6ko3r51',
  score: '1-0',
  statusId: 2,
  minute: null,
  source: 'two words',
  nested: { topics: ['a', 'b'] },
  cause: new Error('line\nbreak'),
  large: 3n,
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('StructuredEvent', () => {
  it('carries service, component, event, whole seconds and level', () => {
    expect({ ...event('websocket.msg.rate', { messages_since_last: 3 }) }).toEqual({
      service: 'goalgpt-dashboard',
      component: 'websocket',
      event: 'websocket.msg.rate',
      ts: 1_700_000_000,
      level: 'info',
      messages_since_last: 3,
    });
  });

  it('takes the level from the fields and lets no field overwrite the others', () => {
    const built = event('mqtt.direct_write.error', { level: 'error', event: 'x', service: 'y', ts: 1 });
    expect(built).toMatchObject({ level: 'error', event: 'mqtt.direct_write.error', service: 'goalgpt-dashboard' });
    expect(built.ts).toBe(1_700_000_000);
    expect(built.component).toBe('mqtt');
  });

  it.each(['clientSecret', 'PASSWORD', 'access_token', 'api_key', 'apiKey', 'authorization'])('redacts %s', (name) => {
    expect(event('a.b', { [name]: 'x', options: { [name]: 'x', kept: 1 } })).toMatchObject({
      [name]: '[REDACTED]',
      options: { [name]: '[REDACTED]', kept: 1 },
    });
  });
});

describe('a line of an event', () => {
  it('is its JSON', () => {
    const line = jsonLine(success);
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({ ...success, cause: 'line\\u000abreak', large: '3' });
  });

  it('is words for people, without what their logger says by itself', () => {
    expect(textLine(success)).toBe(
      'mqtt.direct_write.success matchId=l7oqdehg6ko3r51 score=1-0 statusId=2 minute=null source="two words" ' +
        'nested={"topics":["a","b"]} cause=line\\u000abreak large="3"',
    );
  });

  it('is what prints it as text shows: one line of JSON', () => {
    expect(inspect(success)).toBe(jsonLine(success));
    expect(inspect({ inside: success })).toContain(jsonLine(success));
  });

  it("is one of Nest's logger, with the match in it", () => {
    const lines: string[] = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
    new ConsoleLogger({ colors: false }).log(success, 'DirectWrite');
    jest.restoreAllMocks();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      / LOG \[DirectWrite\] \{.*"event":"mqtt\.direct_write\.success".*"matchId":"l7oqdehg6ko3r51".*\}\n$/,
    );
  });

  it('is an object to structured loggers', () => {
    const lines: string[] = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
    new ConsoleLogger({ json: true, colors: false, compact: true }).log(event('a.b', { matchId: 'm1' }), 'DirectWrite');
    jest.restoreAllMocks();
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      message: { event: 'a.b', matchId: 'm1' },
      context: 'DirectWrite',
    });
    // as pino and winston take it
    expect({ ...event('a.b', { matchId: 'm1' }) }).toMatchObject({ service: 'goalgpt-dashboard', matchId: 'm1' });
  });
});
