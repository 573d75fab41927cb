import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comparePositions, positionText, readPosition } from './position.js';

const position = fc.record({ epoch: fc.nat({ max: 9_999_999_999 }), version: fc.nat({ max: 999_999_999_999_999 }) });

describe('a position', () => {
  it('is read as it was written', () => {
    fc.assert(fc.property(position, (one) => expect(readPosition(positionText(one))).toEqual(one)));
  });

  it('is not read from anything else', () => {
    for (const text of [
      '',
      '1',
      '1.',
      '.1',
      '1.2.3',
      '-1.2',
      '1.-2',
      ' 1.2',
      '1.2\n',
      '1e3.2',
      '1.1234567890123456',
      1.2,
      null,
    ]) {
      expect(readPosition(text)).toBeNull();
    }
  });

  it('comes by its incarnation first, whatever its version', () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        const order = Math.sign(comparePositions(a, b));
        expect(order + Math.sign(comparePositions(b, a))).toBe(0);
        if (a.epoch !== b.epoch) expect(order).toBe(Math.sign(a.epoch - b.epoch));
        else expect(order).toBe(Math.sign(a.version - b.version));
      }),
    );
  });
});
