import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { LRUCache } from 'lru-cache';
import { clientOf, plainAddress } from '../../../kernel/client-network.js';
import { addressList, PRIVATE_ADDRESSES } from '../../address-list.js';

const FORWARDED_FOR = 'x-forwarded-for';
/** A chain of proxies that is longer is nobody's. */
const MOST_PROXIES = 10;
/** Addresses whose trust is remembered. */
const MOST_JUDGED = 1_000;

/**
 * Whom a connection comes from. The address of the socket is the client's own, unless it is that of a proxy that the host
 * trusts: then it is what the proxies say in `X-Forwarded-For`, read from the right up to the first that is not trusted.
 */
export class ClientAddresses {
  private readonly trusted: BlockList;
  private readonly knowsProxies: boolean;
  private readonly judged = new LRUCache<string, boolean>({ max: MOST_JUDGED });

  /** @param trustedProxies addresses and networks; while none is named, loopback and private addresses may stand for anybody */
  constructor(trustedProxies: readonly string[]) {
    this.knowsProxies = trustedProxies.length > 0;
    this.trusted = addressList(this.knowsProxies ? trustedProxies : PRIVATE_ADDRESSES);
  }

  /** What the client is counted under; null when it may be anybody behind a proxy, so that it is not counted. */
  of({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string | null {
    // a UNIX socket has no address: whoever may connect there is on this machine
    const remote = socket.remoteAddress === undefined ? null : plainAddress(socket.remoteAddress);
    if (remote !== null && !this.isTrusted(remote)) return clientOf(remote);
    const forwarded = headers[FORWARDED_FOR];
    if (!this.knowsProxies || forwarded === undefined) return null;
    return this.forwarded(String(forwarded)) ?? clientOf(remote ?? '');
  }

  private forwarded(list: string): string | null {
    const hops = list.split(',').slice(-MOST_PROXIES).reverse();
    for (const hop of hops) {
      const address = plainAddress(withoutPort(hop.trim()));
      if (isIP(address) === 0) return null;
      if (!this.isTrusted(address)) return clientOf(address);
    }
    return null;
  }

  /** Behind a proxy all sockets have one address, and looking it up in a list costs more than the rest. */
  private isTrusted(address: string): boolean {
    const known = this.judged.get(address);
    if (known !== undefined) return known;
    const isTrusted = this.trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
    this.judged.set(address, isTrusted);
    return isTrusted;
  }
}

/** Some proxies add the port of the client: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  return hop.replace(/^\[([^\]]*)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1');
}
