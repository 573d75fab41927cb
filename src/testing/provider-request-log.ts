/** One request has arrived. */
export interface LoggedRequest {
  /** path below the base address */
  readonly endpoint: string;
  /** when it arrived, unix ms */
  readonly atMs: number;
  /** without credentials */
  readonly query: Readonly<Record<string, string>>;
  /** HTTP status of the answer; null while there is none, and for ever after `hang` */
  status: number | null;
  /** bytes of the body that were sent, compressed if it was */
  bytes: number;
}

const DEFAULT_CAPACITY = 50_000;

/** The newest requests, and counts of all: its memory is bounded, however many arrive. */
export class ProviderRequestLog {
  private readonly ring: LoggedRequest[] = [];
  private readonly countsByEndpoint = new Map<string, number>();
  private arrived = 0;

  /** @param capacity requests that are remembered. @default 50,000 */
  constructor(private readonly capacity = DEFAULT_CAPACITY) {}

  /** requests since the start or the last `clear` */
  get total(): number {
    return this.arrived;
  }

  /** requests by endpoint, forgotten ones included; unknown addresses count as `unknown` */
  get counts(): ReadonlyMap<string, number> {
    return this.countsByEndpoint;
  }

  count(endpoint: string): number {
    return this.countsByEndpoint.get(endpoint) ?? 0;
  }

  /** The requests that are remembered, oldest first. */
  entries(endpoint?: string): LoggedRequest[] {
    const oldest = this.arrived % this.capacity;
    const all =
      this.arrived <= this.capacity ? [...this.ring] : [...this.ring.slice(oldest), ...this.ring.slice(0, oldest)];
    return endpoint === undefined ? all : all.filter((request) => request.endpoint === endpoint);
  }

  /** The largest number of remembered requests that arrived within any `windowMs` milliseconds (end excluded). */
  most(windowMs: number, endpoint?: string): number {
    const times = this.entries(endpoint).map(({ atMs }) => atMs);
    let most = 0;
    let first = 0;
    for (const [index, atMs] of times.entries()) {
      while ((times[first] ?? atMs) <= atMs - windowMs) first++;
      most = Math.max(most, index - first + 1);
    }
    return most;
  }

  /** Begins anew. */
  clear(): void {
    this.ring.length = 0;
    this.countsByEndpoint.clear();
    this.arrived = 0;
  }

  /** @internal */
  begin(endpoint: string, counted: string, query: LoggedRequest['query'], atMs: number): LoggedRequest {
    const request: LoggedRequest = { endpoint, atMs, query, status: null, bytes: 0 };
    this.ring[this.arrived % this.capacity] = request;
    this.arrived += 1;
    this.countsByEndpoint.set(counted, (this.countsByEndpoint.get(counted) ?? 0) + 1);
    return request;
  }
}
