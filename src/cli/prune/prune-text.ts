import { printable } from '../../kernel/printable.js';
import { sizeText } from '../backup/progress.js';
import { line, textTable } from '../printing.js';
import type { Pruned } from './prune-all.js';

/** The tables with what was too old in them, for people. */
export function prunedText({ deleted, days, rows, tables, failed }: Pruned): string {
  const headings = ['table', 'rows (estimate)', 'size', 'oldest', deleted ? 'deleted' : 'would go'];
  const shown = tables.map((table) => [
    table.table,
    table.rows === null ? '-' : String(table.rows),
    sizeText(table.bytes),
    ageText(table.oldestS),
    String(table.old),
  ]);
  const kept = Object.entries(days).map(([name, count]) => `${name} ${count === 0 ? 'for ever' : count}`);
  return [
    textTable(headings, shown),
    '',
    line('kept', kept.join(', ')),
    deleted ? line('deleted', `${rows} rows`) : line('would be deleted', `at least ${rows} rows`),
    ...Object.entries(failed).map(([kind, why]) => line(`${kind} not`, printable(why ?? ''))),
  ].join('\n');
}

function ageText(seconds: number | null): string {
  if (seconds === null) return '-';
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
