import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { isAddress, readAddress, shownAddress } from './service-address.js';
import { UnreachableError } from './unreachable.errors.js';

const SECRET = 'Hidden7';

/** What people write when they do not encode a password, or write something else than an address. */
const MALFORMED = [
  'postgres://u:a/Hidden7@127.0.0.1:1/x',
  'postgres://u:1/Hidden7@127.0.0.1:1/x',
  'postgres://u:1?Hidden7@127.0.0.1:1/x',
  'postgres://u:1#Hidden7@127.0.0.1:1/x',
  'postgres://u:a#Hidden7@127.0.0.1:1/x',
  'postgres://u:a%zzHidden7@127.0.0.1:1/x',
  'postgres://u:Hidden7@127.0.0.1:99999/x',
  'postgres://u:Hidden7@[::1/x',
  'postgres://u:Hidden7@',
  'postgres://u:Hidden7',
  'postgres://127.0.0.1/x:Hidden7',
  'postgres:u:Hidden7@h',
  'postgres:/u:Hidden7@h/x',
  'postgres//u:Hidden7@h/x',
  '"postgres://u:Hidden7@h/x"',
  'jdbc:postgresql://h/x?user=u&password=Hidden7',
  'postgresql+asyncpg://u:Hidden7@h/x',
  'u:Hidden7@127.0.0.1/x',
  'host=127.0.0.1 password=Hidden7 port=1',
  'Hidden7',
];

describe('of an address that cannot be read', () => {
  it.each(MALFORMED)('nothing is repeated: %s', (address) => {
    const driver = Object.assign(new TypeError(`Invalid URL: ${address}`), { input: address });
    for (const service of ['database', 'MQTT broker', 'WebSocket', 'host'] as const) {
      expect(() => readAddress(service, address)).toThrow(/is not an address like/);
      expect(inspect(new UnreachableError(service, address, driver), { depth: 9, showHidden: true })).not.toContain(
        SECRET,
      );
    }
  });
});

describe('of an address that can be read', () => {
  it.each([
    ['database', 'postgres://u:Hidden7@127.0.0.1:1/x', 'postgres://127.0.0.1:1'],
    ['database', 'postgres://u:a@Hidden7@127.0.0.1:1/x', 'postgres://127.0.0.1:1'],
    ['database', 'postgres://127.0.0.1:1/x?user=u&password=Hidden7', 'postgres://127.0.0.1:1'],
    ['database', 'postgresql://u:a%2FHidden7@[::1]:5432/x', 'postgresql://[::1]:5432'],
    ['database', 'postgres:///x?host=/var/run/postgresql&password=Hidden7', 'a local socket'],
    ['MQTT broker', 'mqtts://u:Hidden7@broker:8883', 'mqtts://broker:8883'],
    ['WebSocket', 'ws://127.0.0.1:1/ws?token=Hidden7', 'ws://127.0.0.1:1/ws'],
  ] as const)('the %s, nobody is told who may use it: %s', (service, address, shown) => {
    expect(isAddress(service, address)).toBe(true);
    expect(shownAddress(service, address)).toBe(shown);
    expect(new UnreachableError(service, address, new Error('refused')).message).toBe(
      `${service} at ${shown} cannot be used: refused`,
    );
  });
});
