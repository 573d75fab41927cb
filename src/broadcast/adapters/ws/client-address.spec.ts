import { describe, expect, it } from '@jest/globals';
import { ClientAddresses } from './client-address.js';

const from = (addresses: ClientAddresses, remoteAddress: string | undefined, forwarded?: string) =>
  addresses.of({
    socket: { remoteAddress } as never,
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  });

describe('the address of a client, while no proxy is named', () => {
  const addresses = new ClientAddresses([]);

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
  ])('is that of the socket: %s', (remote, client) => {
    expect(from(addresses, remote)).toBe(client);
    // whoever comes by himself says what he likes
    expect(from(addresses, remote, '198.51.100.1')).toBe(client);
  });

  it.each([
    ['127.0.0.1'],
    ['::1'],
    ['10.0.0.0'],
    ['::ffff:192.168.0.0'],
    ['172.16.0.0'],
    ['fd12::1'],
    ['fe80::1%eth0'],
    [undefined],
  ])('is unknown for %s, behind which may be anybody', (remote) => {
    expect(from(addresses, remote)).toBeNull();
    expect(from(addresses, remote, '203.0.113.7')).toBeNull();
  });
});

describe('the address of a client behind named proxies', () => {
  const addresses = new ClientAddresses(['192.0.2.0/24', '127.0.0.1', 'fd00::/8']);

  it.each([
    ['192.0.2.5', '203.0.113.7', '203.0.113.7'],
    ['192.0.2.5', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['192.0.2.5', '203.0.113.7, 192.0.2.9,fd00::2', '203.0.113.7'],
    ['::ffff:127.0.0.1', '  2001:db8::7 ', '2001:db8:0:0::/64'],
    ['192.0.2.5', '::ffff:203.0.113.7', '203.0.113.7'],
    ['192.0.2.5', '203.0.113.7:4711', '203.0.113.7'],
    ['192.0.2.5', '[2001:db8:1:2::7]:4711', '2001:db8:1:2::/64'],
    ['192.0.2.5', '203.0.113.7, [fd00::2]', '203.0.113.7'],
    // a private address that is no proxy is a client
    ['192.0.2.5', '192.168.0.0', '192.168.0.0'],
    ['192.168.0.0', '203.0.113.7', '192.168.0.0'],
  ])('%s says %s: it is %s', (remote, forwarded, client) => {
    expect(from(addresses, remote, forwarded)).toBe(client);
  });

  it('is that of the proxy where the proxy passes on what is no address', () => {
    for (const forwarded of ['', 'unknown', '203.0.113.7, x', ',', `${'192.0.2.1,'.repeat(5_000)}192.0.2.1`]) {
      expect(from(addresses, '192.0.2.5', forwarded)).toBe('192.0.2.5');
    }
  });

  it('is unknown where the proxy says nothing', () => {
    expect(from(addresses, '192.0.2.5')).toBeNull();
    expect(from(addresses, undefined)).toBeNull();
    expect(from(addresses, undefined, '203.0.113.7')).toBe('203.0.113.7');
  });
});
