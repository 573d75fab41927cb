import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cases } from '../../../test/support/long-form.js';
import { schemaCheck } from '../../../test/support/protocol-schemas.js';
import type { ClientMessage } from './match-frames.js';
import { isMessageFault, readMessage } from './read-message.js';

const fits = schemaCheck('client-message');
const isRead = (value: unknown) => !isMessageFault(readMessage(value));

/** Texts about the bounds, of one or two code units a character, and what no text may hold. */
const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }) },
  fc.constantFrom('', ' ', 'constructor', '__proto__', 'a\u0000b', '\u007f', '\u0085', '\ud800', '\udc00x', '\n', 'é'),
  fc
    .tuple(fc.constantFrom('a', '⚽', '\u{1F3C6}'), fc.constantFrom(1, 63, 64, 65, 127, 128, 254, 255, 256))
    .map(([one, times]) => one.repeat(times)),
);
const position = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.nat(), fc.nat()).map(([epoch, version]) => `${epoch}.${version}`) },
  fc.constantFrom('1', '1.', '.1', '1.2.3', '-1.2', '1.2 ', '12345678901.1', '1.1234567890123456', '٣.٣', '1.2\n'),
  fc.constantFrom('1234567890.123456789012345', '0.0', '00.01'),
);
const ids = fc.array(text, { maxLength: 3 });
const since = fc.dictionary(text, position, { maxKeys: 3, noNullPrototype: true });
const parts = {
  id: text,
  matches: ids,
  competitions: ids,
  all: fc.constant(true),
  since,
  replay: fc.boolean(),
  protocol: fc.constant(2),
  token: fc.oneof(
    text,
    fc.string({ minLength: 1, maxLength: 30 }),
    fc.constantFrom(4_095, 4_096, 4_097).map((length) => 't'.repeat(length)),
  ),
  timestamp: fc.jsonValue(),
};
const message = fc
  .tuple(
    fc.constantFrom('SUBSCRIBE', 'SUBSCRIBE', 'UNSUBSCRIBE', 'AUTHENTICATE', 'PING', 'subscribe', 'CHANGE'),
    fc.record(parts, { requiredKeys: [], noNullPrototype: true }),
  )
  .map(([type, fields]) => ({ type, ...fields }));

/** One field of another kind, a field that is unknown, or something else altogether. */
const mutated = fc
  .tuple(message, fc.constantFrom('type', 'extra', ...Object.keys(parts)), fc.jsonValue())
  .map(([fields, name, value]) => ({ ...fields, [name]: value }));
const anything = fc.oneof(
  { weight: 6, arbitrary: message },
  { weight: 4, arbitrary: mutated },
  { weight: 1, arbitrary: fc.jsonValue() },
);
/** The fields that are read of each type. */
const ASKED: Readonly<Record<ClientMessage['type'], readonly string[]>> = {
  SUBSCRIBE: ['type', 'id', 'matches', 'competitions', 'all', 'since', 'replay'],
  UNSUBSCRIBE: ['type', 'id', 'matches', 'competitions', 'all'],
  AUTHENTICATE: ['type', 'id', 'token'],
  PING: ['type'],
};
/** As it comes from a socket. */
const parsed = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('a message', () => {
  it('is read when it fits the schemas, and only then', () => {
    const counts = { read: 0, refused: 0 };
    fc.assert(
      fc.property(anything.map(parsed), (value) => {
        counts[isRead(value) ? 'read' : 'refused'] += 1;
        expect(isRead(value)).toBe(fits(value));
      }),
      { seed: 15, numRuns: cases(5_000, 50_000) },
    );
    expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(cases(1_000, 10_000));
  });

  it('is read as it was sent, without what nobody asked for', () => {
    fc.assert(
      fc.property(message.map(parsed), (sent) => {
        const read = readMessage(sent);
        if (isMessageFault(read)) return;
        const asked = Object.entries(sent as object).filter(([name]) => ASKED[read.type].includes(name));
        expect(parsed(read)).toEqual(Object.fromEntries(asked));
      }),
      { seed: 15, numRuns: cases(1_000, 20_000) },
    );
  });

  it('that is refused is not echoed', () => {
    const secret = 'tell-nobody';
    for (const value of [
      secret,
      [secret],
      { type: secret },
      { type: 'AUTHENTICATE', token: `${secret} ` },
      { type: 'AUTHENTICATE', token: 'x', id: `${secret}\n` },
      { type: 'SUBSCRIBE', protocol: secret },
      { type: 'SUBSCRIBE', [secret]: 1 },
      { type: 'SUBSCRIBE', matches: [`${secret}\n`] },
      { type: 'SUBSCRIBE', competitions: { [secret]: 1 } },
      { type: 'SUBSCRIBE', all: secret },
      { type: 'SUBSCRIBE', all: true, replay: secret },
      { type: 'SUBSCRIBE', all: true, since: { [`${secret}\n`]: '1.1' } },
      { type: 'SUBSCRIBE', all: true, since: { [secret]: secret } },
    ]) {
      expect(isRead(value)).toBe(false);
      expect(JSON.stringify(readMessage(value))).not.toContain(secret);
    }
  });
});

describe('the bounds', () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => `m${n}`);
  const known = (count: number) => Object.fromEntries(many(count).map((id) => [id, '1.1']));

  it.each([
    ['10,000 ids', { type: 'SUBSCRIBE', matches: many(10_000) }, true],
    ['10,001 ids', { type: 'UNSUBSCRIBE', matches: many(10_001) }, false],
    ['10,001 competitions', { type: 'SUBSCRIBE', competitions: many(10_001) }, false],
    ['10,000 positions', { type: 'SUBSCRIBE', all: true, since: known(10_000) }, true],
    ['10,001 positions', { type: 'SUBSCRIBE', all: true, since: known(10_001) }, false],
    ['no ids', { type: 'SUBSCRIBE', matches: [] }, true],
    ['a PING with any timestamp', { type: 'PING', timestamp: { at: 'noon' } }, true],
  ])('%s', (_name, value, isFine) => {
    expect([isRead(value), fits(value)]).toEqual([isFine, isFine]);
  });

  it.each([
    [{ type: 'SUBSCRIBE', protocol: 3, all: true }, 'UNSUPPORTED_PROTOCOL', '"protocol"'],
    [{ type: 'HELLO' }, 'UNKNOWN_TYPE', '"type"'],
    [{ type: 'SUBSCRIBE' }, 'BAD_MESSAGE', '"matches"'],
    [{ type: 'AUTHENTICATE' }, 'BAD_MESSAGE', '"token"'],
    [{ type: 'SUBSCRIBE', all: true, since: { m: '1' } }, 'BAD_MESSAGE', '"since"'],
    [[], 'BAD_MESSAGE', 'JSON object'],
    [null, 'BAD_MESSAGE', 'JSON object'],
  ])('%j is %s', (value, code, field) => {
    expect(readMessage(value)).toEqual({ code, message: expect.stringContaining(field) });
  });

  it('leave nothing of the prototype in "since"', () => {
    const read = readMessage(JSON.parse('{"type":"SUBSCRIBE","all":true,"since":{"__proto__":"1.2"}}'));
    expect(isMessageFault(read)).toBe(false);
    const { since } = read as { since: Record<string, string> };
    expect([since.constructor, Object.entries(since)]).toEqual([undefined, [['__proto__', '1.2']]]);
  });
});
