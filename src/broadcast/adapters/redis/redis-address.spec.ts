import { describe, expect, it } from '@jest/globals';
import { readRedisAddress } from './redis-address.js';

describe('an address of Redis', () => {
  it.each([
    ['redis://localhost', { host: 'localhost', port: 6_379, tls: false }],
    ['redis://localhost/', { host: 'localhost', port: 6_379, tls: false }],
    ['rediss://[::1]:6380/12', { host: '::1', port: 6_380, tls: true, database: 12 }],
    ['redis://:p%40ss%2F@h:1', { host: 'h', port: 1, tls: false, password: 'p@ss/' }],
    ['redis://me:x@h/0', { host: 'h', port: 6_379, tls: false, username: 'me', password: 'x', database: 0 }],
  ])('%s is read', (text, address) => {
    expect(readRedisAddress(text)).toEqual(address);
  });

  it.each([
    '',
    'localhost:6379',
    'http://h',
    'redis://',
    'redis://h/secret',
    'redis://a:p/w@h',
    'redis://h/0/1',
    'redis://h#x',
  ])('"%s" is refused without repeating it', (text) => {
    const read = () => readRedisAddress(text);
    expect(read).toThrow(expect.objectContaining({ code: 'LIVESCORE_UNREADABLE_ADDRESS' }));
    expect(read).not.toThrow(/secret|p\/w/);
  });
});
