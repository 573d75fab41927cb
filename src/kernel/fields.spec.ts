import { describe, expect, it } from '@jest/globals';
import { fieldsOf, isFields } from './fields.js';

describe('fields', () => {
  it.each([[{}], [{ a: 1 }], [new Error('no')], [Object.create(null)]])('are those of %p', (value) => {
    expect([isFields(value), fieldsOf(value)]).toEqual([true, value]);
  });

  it.each([[null], [undefined], [[1]], ['text'], [1], [() => 1]])('are none of %p', (value) => {
    expect([isFields(value), fieldsOf(value)]).toEqual([false, {}]);
  });

  it('are read as they are, inherited ones, too', () => {
    class Refusal extends Error {
      get code() {
        return 'ECONNREFUSED';
      }
    }
    expect(fieldsOf(new Refusal()).code).toBe('ECONNREFUSED');
  });
});
