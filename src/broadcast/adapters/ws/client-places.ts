import { LRUCache } from 'lru-cache';
import type { ResolvedBroadcastOptions } from '../../broadcast.options.js';
import { Allowance, type IncomingAllowance } from './allowance.js';

/** Seconds' worth of frames and bytes that may come at once. */
const BURST_S = 20;
/** Seconds' worth of handshakes that may come at once: many come back together when another process stops serving. */
const HANDSHAKE_BURST_S = 4;
/** Of the frames and the reads that two messages come in. */
const OVERHEAD_BYTES = 512;
/** What an address may send, in clients. */
const CLIENTS_PER_ADDRESS_AT_ONCE = 20;
/** Addresses that are remembered after their last client; the longest unseen gives way. */
const MOST_ADDRESSES = 10_000;

interface AddressAllowance extends IncomingAllowance {
  readonly handshakes: Allowance;
}

/** Why there is no place. */
export type Refusal = 'full' | 'address-full' | 'too-often' | 'address-too-often';

/** A place is one taken socket, until it is given back. */
export interface Place {
  /** the client's own, and that of its address */
  readonly allowances: readonly IncomingAllowance[];
  giveBack(): void;
}

/** The places of one process: a socket has one from the moment it is taken until it is closed, whatever becomes of it. */
export class ClientPlaces {
  private readonly byAddress = new Map<string, number>();
  private readonly addresses = new LRUCache<string, AddressAllowance>({ max: MOST_ADDRESSES });
  private readonly handshakes: Allowance;
  private all = 0;

  constructor(
    private readonly options: Pick<
      ResolvedBroadcastOptions,
      | 'maxClients'
      | 'maxClientsPerAddress'
      | 'handshakesPerSecond'
      | 'handshakesPerSecondPerAddress'
      | 'messagesPerSecond'
      | 'bytesPerSecond'
      | 'maxMessageBytes'
    >,
    private readonly monotonicMs: () => number,
  ) {
    const { handshakesPerSecond } = options;
    this.handshakes = new Allowance(handshakesPerSecond, handshakesPerSecond * HANDSHAKE_BURST_S, monotonicMs());
  }

  get taken(): number {
    return this.all;
  }

  /** The most bytes that a client may send at once. */
  get mostBytesAtOnce(): number {
    const { bytesPerSecond, maxMessageBytes } = this.options;
    return Math.max(bytesPerSecond * BURST_S, 2 * maxMessageBytes + OVERHEAD_BYTES);
  }

  /** @param address null: it is not known, so only the bounds of the process hold */
  take(address: string | null): Place | Refusal {
    const nowMs = this.monotonicMs();
    const { maxClients, maxClientsPerAddress } = this.options;
    const neighbours = address === null ? 0 : (this.byAddress.get(address) ?? 0);
    if (this.all >= maxClients) return 'full';
    if (neighbours >= maxClientsPerAddress) return 'address-full';
    const shared = address === null ? null : this.allowanceOf(address, nowMs);
    if (shared && !shared.handshakes.take(nowMs)) return 'address-too-often';
    if (!this.handshakes.take(nowMs)) return 'too-often';
    this.all += 1;
    if (address !== null) this.byAddress.set(address, neighbours + 1);
    return this.place(address, [this.incoming(1, nowMs), ...(shared ? [shared] : [])]);
  }

  private place(address: string | null, allowances: readonly IncomingAllowance[]): Place {
    let isTaken = true;
    return {
      allowances,
      giveBack: () => {
        if (!isTaken) return;
        isTaken = false;
        this.all -= 1;
        if (address !== null) this.left(address);
      },
    };
  }

  private left(address: string): void {
    const others = (this.byAddress.get(address) ?? 1) - 1;
    if (others > 0) this.byAddress.set(address, others);
    else this.byAddress.delete(address);
  }

  private allowanceOf(address: string, nowMs: number): AddressAllowance {
    const known = this.addresses.get(address);
    if (known) return known;
    const { handshakesPerSecondPerAddress, maxClientsPerAddress } = this.options;
    const most = Math.max(handshakesPerSecondPerAddress, maxClientsPerAddress);
    const handshakes = new Allowance(handshakesPerSecondPerAddress, most, nowMs);
    const made = { ...this.incoming(CLIENTS_PER_ADDRESS_AT_ONCE, nowMs), handshakes };
    this.addresses.set(address, made);
    return made;
  }

  private incoming(clients: number, nowMs: number): IncomingAllowance {
    const { messagesPerSecond, bytesPerSecond } = this.options;
    const frames = messagesPerSecond * clients;
    return {
      frames: new Allowance(frames, frames * BURST_S, nowMs),
      bytes: new Allowance(bytesPerSecond * clients, this.mostBytesAtOnce * clients, nowMs),
    };
  }
}
