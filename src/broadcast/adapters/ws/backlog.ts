import type { LiveItem } from './live-item.js';

/** What a client that reads too slowly was not sent: per match, the position that it was sent last, and whether its details moved. */
export class Backlog {
  private readonly positions = new Map<string, string>();
  private readonly details = new Set<string>();
  private readonly clocks = new Set<string>();
  /** matches to be shown anew, and whether what the client has of them still counts */
  private readonly states = new Map<string, boolean>();

  /** @param sinceMs when the client took something last, monotonic */
  constructor(public sinceMs: number) {}

  /** The client took something. */
  from(sinceMs: number): this {
    this.sinceMs = sinceMs;
    return this;
  }

  get isEmpty(): boolean {
    return this.positions.size + this.details.size + this.clocks.size + this.states.size === 0;
  }

  add({ matchId, kind, previous }: LiveItem): void {
    if (kind === 'details') this.details.add(matchId);
    else if (kind === 'clock') this.clocks.add(matchId);
    else if (kind === 'state') this.states.set(matchId, false);
    else if (kind === 'first') this.states.set(matchId, this.states.get(matchId) ?? true);
    else if (!this.positions.has(matchId)) this.positions.set(matchId, previous);
  }

  /** The client was told where the match stands. What stands beside its versions still waits. */
  forget(matchId: string): void {
    this.positions.delete(matchId);
    this.states.delete(matchId);
  }

  /** One match that waits; it does not wait any more. */
  take(): BacklogItem | null {
    const matchId = this.first;
    if (matchId === undefined) return null;
    const item = {
      matchId,
      previous: this.positions.get(matchId) ?? null,
      details: this.details.delete(matchId),
      clock: this.clocks.delete(matchId),
      recovered: this.states.get(matchId) ?? null,
    };
    this.states.delete(matchId);
    this.positions.delete(matchId);
    return item;
  }

  private get first(): string | undefined {
    for (const ids of [this.states.keys(), this.positions.keys(), this.details, this.clocks])
      for (const id of ids) return id;
    return undefined;
  }
}

export interface BacklogItem {
  readonly matchId: string;
  /** the position that the client was sent last; null when it has the newest */
  readonly previous: string | null;
  readonly details: boolean;
  readonly clock: boolean;
  /** the match is to be shown anew: false when what the client has does not count any more; null when it is not */
  readonly recovered: boolean | null;
}
