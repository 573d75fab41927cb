/** What the running host tells of itself. */
export interface HostView {
  readonly url: string;
  readonly uptimeS: number | null;
  readonly feed: string | null;
  readonly silentS: number | null;
  readonly messagesLastMinute: number | null;
  readonly noFeed: number | null;
  readonly holdsLease: boolean | null;
  readonly stage: string | null;
  readonly clients: number | null;
  readonly unaccounted: number | null;
  /** of updates, per second since the look before; null at the first */
  readonly receivedPerS: number | null;
  readonly appliedPerS: number | null;
  /** from receipt to broadcast, ms; null without the host's secret */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly pool: { readonly active: number; readonly total: number; readonly waiting: number } | null;
}
