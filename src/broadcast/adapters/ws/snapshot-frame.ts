import type { BoardEntry } from '../../board/board-entry.js';
import { frameAround, textFrame } from './ws-frame.js';

/** A SNAPSHOT, its matches as entries of the board: each is encoded once per change, however many ask. */
export interface Snapshot {
  readonly id?: string | undefined;
  readonly recovered: boolean;
  readonly entries: readonly BoardEntry[];
  readonly unknown?: readonly string[];
}

export function snapshotFrame({ id, recovered, entries, unknown = [] }: Snapshot, nowMs: number): Buffer {
  const matches = entries.map(({ viewJson }) => viewJson).join(',');
  return textFrame(`${before({ id, recovered })}${matches}${after(unknown, nowMs)}`);
}

/**
 * The newest list of matches of a SNAPSHOT, encoded: clients that come back together are owed the same matches, so that they are
 * copied instead of being encoded for each.
 */
export class SnapshotEncoder {
  private views: readonly string[] = [];
  private bytes = Buffer.alloc(0);

  frame({ id, recovered, entries, unknown = [] }: Snapshot, nowMs: number): Buffer {
    const views = entries.map(({ viewJson }) => viewJson);
    if (!isSame(views, this.views)) {
      this.bytes = Buffer.from(views.join(','));
      this.views = views;
    }
    return frameAround(before({ id, recovered }), this.bytes, after(unknown, nowMs));
  }
}

function before({ id, recovered }: Pick<Snapshot, 'id' | 'recovered'>): string {
  return `${JSON.stringify({ type: 'SNAPSHOT', id, recovered }).slice(0, -1)},"matches":[`;
}

function after(unknown: readonly string[], nowMs: number): string {
  return `],"unknown":${JSON.stringify(unknown)},"timestamp":${nowMs}}`;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((view, n) => view === b[n]);
}
