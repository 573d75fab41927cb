import { Random } from '../kernel/seeded-random.js';
import type { ProviderFault, ProviderFaultKind } from './provider-fault.js';

/** The faults that strike one answer. */
export type Strikes = ReadonlyMap<ProviderFaultKind, ProviderFault>;

interface Armed {
  readonly fault: ProviderFault;
  readonly random: Random;
  struck: number;
}

const SECOND_PAGE = new Set<ProviderFaultKind>(['early-end', 'duplicates']);

/** The stand-in has faults that were switched on; several may strike one answer. */
export class ProviderFaults {
  private armed: Armed[] = [];
  private readonly counts = new Map<ProviderFaultKind, number>();

  /** Switches a fault on, beside those that are. The answer switches it off again. */
  add(fault: ProviderFault): () => void {
    const armed = { fault, random: new Random(fault.seed ?? 1), struck: 0 };
    this.armed.push(armed);
    return () => {
      this.armed = this.armed.filter((one) => one !== armed);
    };
  }

  /** Switches all of them off; `ProviderStandIn.behave` has faults of its own. */
  clear(): void {
    this.armed = [];
  }

  /** answers that were struck since the start */
  count(kind?: ProviderFaultKind): number {
    if (kind) return this.counts.get(kind) ?? 0;
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** @internal */
  strike(endpoint: string, page: number): Strikes {
    const strikes = new Map<ProviderFaultKind, ProviderFault>();
    for (const armed of this.armed) {
      const { fault, random } = armed;
      if (strikes.has(fault.kind) || !concerns(fault, endpoint, page)) continue;
      if (armed.struck >= (fault.times ?? Number.POSITIVE_INFINITY) || !random.chance(fault.probability ?? 1)) continue;
      armed.struck += 1;
      strikes.set(fault.kind, fault);
      this.counts.set(fault.kind, this.count(fault.kind) + 1);
    }
    return strikes;
  }
}

function concerns({ endpoint, fromPage, kind }: ProviderFault, asked: string, page: number): boolean {
  if (page < (fromPage ?? (SECOND_PAGE.has(kind) ? 2 : 1))) return false;
  if (endpoint === undefined) return true;
  return typeof endpoint === 'string' ? endpoint === asked : endpoint.includes(asked);
}
