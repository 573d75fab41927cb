import { describe, expect, it } from '@jest/globals';
import { InvalidOptionError } from './livescore.errors.js';
import { optionsOf, readOptions } from './options.js';
import { checked, derived, flag, integer, number, object, oneOf, text } from './options-rules.js';

const RULE = object({
  pollMs: integer({ default: 500, min: 100, max: 1_000, unit: 'ms' }),
  share: number({ default: 0.5, min: 0, max: 1 }),
  enabled: flag(true),
  mode: oneOf(['auto', 'never'], 'auto'),
  name: text(undefined, 5),
  password: text(undefined),
  url: checked('an address', (value) => String(value).startsWith('https://'), 'https://here'),
  tls: object({ key: checked('a key', () => false, undefined), strict: flag(true) }),
});

function faultsOf(options: unknown): readonly string[] {
  try {
    readOptions('SomeModule', RULE, options);
  } catch (error) {
    if (error instanceof InvalidOptionError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('the options reader', () => {
  it('fills in the defaults, in nested objects too', () => {
    const defaults = { pollMs: 500, share: 0.5, enabled: true, mode: 'auto', url: 'https://here' };
    expect(readOptions('SomeModule', RULE, undefined)).toEqual({ ...defaults, tls: { strict: true } });
    const given = { pollMs: 100, name: 'a', tls: { strict: false } };
    expect(readOptions('SomeModule', RULE, given)).toEqual({ ...defaults, ...given });
  });

  it('tells all faults at once, one a line, with module, option, expected and received', () => {
    expect(faultsOf({ pollMs: 99, share: 2, enabled: 'no', mode: 'x', name: '', tls: { strict: null } })).toEqual([
      'SomeModule: option "pollMs" must be an integer from 100 to 1000 ms, received 99 (number)',
      'SomeModule: option "share" must be a number from 0 to 1, received 2 (number)',
      'SomeModule: option "enabled" must be true or false, received "no"',
      'SomeModule: option "mode" must be "auto" or "never", received "x"',
      'SomeModule: option "name" must be a text of 1 to 5 characters, received ""',
      'SomeModule: option "tls.strict" must be true or false, received null',
    ]);
  });

  it.each([[100], [1_000]])('takes the bounds of a range: %d', (pollMs) => {
    expect(faultsOf({ pollMs })).toEqual([]);
  });

  it.each([99, 1_001, 100.5, Number.NaN, '500', null])('refuses what is no integer in the range: %p', (pollMs) => {
    expect(faultsOf({ pollMs })).toHaveLength(1);
  });

  it('refuses unknown names, says which was probably meant, and tells nothing of their values', () => {
    expect(faultsOf({ pollMS: 500, pasword: 'hidden-one', whatever: 'hidden-one', tls: { strct: true } })).toEqual([
      'SomeModule: option "pollMS" must be left out, there is no such option; did you mean "pollMs"?, received a number',
      'SomeModule: option "pasword" must be left out, there is no such option; did you mean "password"?, received a string',
      'SomeModule: option "whatever" must be left out, there is no such option, received a string',
      'SomeModule: option "tls.strct" must be left out, there is no such option; did you mean "strict"?, received a boolean',
    ]);
  });

  it.each([
    { password: ['hidden-one'] },
    { password: { value: 'hidden-one' } },
    { tls: { key: 'hidden-one' } },
    { tls: ['hidden-one'] },
    { url: 'tcp://me:hidden-one@broker' },
    { url: 'me:hidden-one@broker' },
    { url: 'http://api/v1?secret=hidden-one' },
    { url: { href: 'hidden-one' } },
    ['hidden-one'],
  ])('shows no secret in a refusal: %j', (options) => {
    const faults = faultsOf(options);
    expect(faults).toHaveLength(1);
    expect(faults.join()).not.toContain('hidden-one');
  });

  it('escapes and shortens what it shows', () => {
    expect(faultsOf({ mode: `\u001b[31m${'x'.repeat(100)}` })).toEqual([
      `SomeModule: option "mode" must be "auto" or "never", received "\\u001b[31m${'x'.repeat(35)}"`,
    ]);
  });

  it.each([null, 5, 'text', [[]]])('refuses options that are no object: %p', (options) => {
    expect(faultsOf(options)).toEqual([expect.stringMatching(/^SomeModule: option "options" must be an object/)]);
  });

  it('tells what does not fit together beside the other faults', () => {
    const rule = derived(RULE, ({ name, password }, place) => {
      if (password && !name) place.inside('name').refuse('set, because "password" is', name);
      return { name };
    });
    const read = () => readOptions('SomeModule', rule, { password: 'x', pollMs: 0 });
    expect(read).toThrow(/"pollMs".*\n.*"name" must be set, because "password" is, received nothing/);
  });

  it('makes a class of its own for each module: the token of its resolved options', () => {
    class ResolvedOptions extends optionsOf('SomeModule', RULE) {}
    expect(new ResolvedOptions({ pollMs: 200 })).toBeInstanceOf(ResolvedOptions);
    expect(new ResolvedOptions({ pollMs: 200 }).pollMs).toBe(200);
    expect(() => new ResolvedOptions({ pollMs: 0 })).toThrow(InvalidOptionError);
  });
});
