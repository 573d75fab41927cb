import {
  type ForeignWrite,
  type ForeignWriterNews,
  ForeignWriteStore,
} from '../foreign-writers/ports/foreign-write-store.js';
import type { ForeignWriterMode } from '../foreign-writers/ports/foreign-writers.js';
import type { Clock } from '../kernel/clock.js';

/** The store keeps mode, traces and protection in memory, held to the same contract as PostgreSQL. */
export class InMemoryForeignWriteStore extends ForeignWriteStore {
  mode: ForeignWriterMode = 'off';
  authorities: readonly string[] | null = null;
  /** statements fail with this error; null: they work */
  failure: Error | null = null;
  /** matches whose row somebody else has locked */
  readonly locked = new Set<string>();
  private traces: { readonly write: ForeignWrite; told: boolean }[] = [];
  private readonly protectedUntilMs = new Map<string, number>();

  /** @param clock the database's own; @param matches ids that have a row */
  constructor(
    private readonly clock: Clock,
    private readonly matches: ReadonlySet<string>,
  ) {
    super();
  }

  /** The trigger noted a foreign write. */
  note(write: ForeignWrite): void {
    this.traces.push({ write, told: false });
  }

  /** traces that are kept */
  get size(): number {
    return this.traces.length;
  }

  override async read(limit: number): Promise<ForeignWriterNews> {
    this.answer();
    const untold = this.traces.filter(({ told }) => !told).slice(0, limit);
    for (const trace of untold) trace.told = true;
    return { mode: this.mode, authorities: this.authorities, writes: untold.map(({ write }) => write) };
  }

  override async nameAuthorities(sources: readonly string[]): Promise<void> {
    this.answer();
    this.authorities = sources;
  }

  override async protect(matchIds: readonly string[], protectMs: number): Promise<void> {
    this.answer();
    const untilMs = this.clock.nowMs() + protectMs;
    for (const id of matchIds) {
      const isFree = this.matches.has(id) && !this.locked.has(id);
      if (isFree) this.protectedUntilMs.set(id, Math.max(untilMs, this.protectedUntilMs.get(id) ?? untilMs));
    }
  }

  override async unprotect(matchIds: readonly string[]): Promise<readonly string[]> {
    this.answer();
    const held = matchIds.filter((id) => this.protectedUntilMs.has(id));
    for (const id of held) if (!this.locked.has(id)) this.protectedUntilMs.delete(id);
    return held.filter((id) => this.locked.has(id));
  }

  override async protectedMatches(): Promise<readonly string[]> {
    this.answer();
    return [...this.protectedUntilMs].filter(([, untilMs]) => untilMs > this.clock.nowMs()).map(([id]) => id);
  }

  override async prune(keep: number): Promise<void> {
    this.answer();
    const first = this.traces.length - keep;
    this.traces = this.traces.filter(({ told }, n) => !told || n >= first);
  }

  private answer(): void {
    if (this.failure) throw this.failure;
  }
}
