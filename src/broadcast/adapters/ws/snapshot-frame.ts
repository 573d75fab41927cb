import type { BoardEntry } from '../../board/board-entry.js';
import { textFrame } from './ws-frame.js';

/** A SNAPSHOT, its matches as entries of the board: each is encoded once per change, however many ask. */
export interface Snapshot {
  readonly id?: string | undefined;
  readonly recovered: boolean;
  readonly entries: readonly BoardEntry[];
  readonly unknown?: readonly string[];
}

export function snapshotFrame({ id, recovered, entries, unknown = [] }: Snapshot, nowMs: number): Buffer {
  const head = JSON.stringify({ type: 'SNAPSHOT', id, recovered });
  const matches = entries.map(({ viewJson }) => viewJson).join(',');
  return textFrame(
    `${head.slice(0, -1)},"matches":[${matches}],"unknown":${JSON.stringify(unknown)},"timestamp":${nowMs}}`,
  );
}
