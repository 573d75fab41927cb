import { describe, expect, it } from '@jest/globals';
import { MessageReader, readSent } from './message-reader.js';

const since = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`match${n}`, `1.${n}`]));
const text = (fields: object) => Buffer.from(JSON.stringify({ type: 'SUBSCRIBE', all: true, since, ...fields }));

describe('MessageReader', () => {
  it('reads a long message that comes again once, and each message as it was sent', () => {
    const reader = new MessageReader();
    const first = reader.read(text({}));
    expect(first).toEqual(readSent(text({})));
    expect(reader.read(text({}))).toBe(first);
    expect(reader.read(text({ replay: true }))).toEqual(readSent(text({ replay: true })));
    const again = reader.read(text({}));
    expect(again).toEqual(first);
    expect(again).not.toBe(first);
  });

  it('keeps what was sent, not the memory that it was sent in', () => {
    const reader = new MessageReader();
    const data = text({});
    const first = reader.read(data);
    data.fill(0x20);
    expect(reader.read(text({}))).toBe(first);
  });

  it('keeps nothing short, and nothing that is no JSON', () => {
    const reader = new MessageReader();
    const short = Buffer.from('{"type":"PING"}');
    expect(reader.read(short)).not.toBe(reader.read(short));
    const broken = Buffer.from('{'.repeat(1_000));
    for (let n = 0; n < 2; n++) expect(() => reader.read(broken)).toThrow(SyntaxError);
  });

  it('reads a faulty message that comes again as faulty again', () => {
    const reader = new MessageReader();
    const faulty = text({ protocol: 9 });
    for (let n = 0; n < 2; n++) expect(reader.read(faulty).read).toMatchObject({ code: 'UNSUPPORTED_PROTOCOL' });
  });
});
