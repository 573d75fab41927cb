import { describe, expect, it, jest } from '@jest/globals';
import { guardedCall } from './guarded-call.js';

describe('a guarded call', () => {
  it('hands over what is thrown and what is rejected, once', async () => {
    const failed = jest.fn();
    guardedCall(() => {
      throw 'thrown';
    }, failed);
    guardedCall(() => Promise.reject('rejected'), failed);
    const foreign = [['then', (_: unknown, no: (error: unknown) => void) => no('of another library')]] as const;
    guardedCall(() => Object.fromEntries(foreign), failed);
    await Promise.resolve();
    expect(failed.mock.calls.map(([error]) => error)).toEqual(['thrown', 'of another library', 'rejected']);
  });

  it.each([undefined, null, 1, 'text', {}, Promise.resolve()])('says nothing about %p', async (result) => {
    const failed = jest.fn();
    guardedCall(() => result, failed);
    await Promise.resolve();
    expect(failed).not.toHaveBeenCalled();
  });
});
