const GROUPS = 8;
/** A customer gets a whole /64: the first four groups of an IPv6 address are one client's. */
const GROUPS_OF_A_CLIENT = 4;
const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/i;

/** An address without the zone of its interface and without the IPv6 that an IPv4 address may be wrapped in. */
export function plainAddress(address: string): string {
  return address.replace(/%.*$/s, '').replace(MAPPED_IPV4, '');
}

/** What a client with this plain address is counted under: an IPv4 address, or the /64 of an IPv6 one. */
export function clientOf(address: string): string {
  if (!address.includes(':')) return address;
  const [before = '', after] = address.split('::');
  const head = groups(before);
  const tail = groups(after ?? '');
  const zeros = new Array<string>(Math.max(0, GROUPS - head.length - tail.length)).fill('0');
  const all = after === undefined ? head : [...head, ...zeros, ...tail];
  return `${all
    .slice(0, GROUPS_OF_A_CLIENT)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
