import { BlockList, isIP } from 'node:net';

/** Loopback, private, link-local and shared networks: behind one of them may be anybody. */
export const PRIVATE_ADDRESSES: readonly string[] = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  '::1',
  'fc00::/7',
  'fe80::/10',
];

const LONGEST_PREFIX = { 4: 32, 6: 128 } as const;

/** Is it an address, or a network as `10.0.0.0/8`? */
export function isAddressOrNetwork(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const [address = '', prefix, ...others] = value.split('/');
  const version = isIP(address);
  if ((version !== 4 && version !== 6) || others.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= LONGEST_PREFIX[version]);
}

/** @param addresses addresses and networks, each as `isAddressOrNetwork` takes it */
export function addressList(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const one of addresses) {
    const [address = '', prefix] = one.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
