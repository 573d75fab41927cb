import type { DiffResult } from '../../domain/sync/diff-result.js';
import { line, textTable } from '../printing.js';

/** The difference for people. */
export function differenceText({ same, changed, missing, extra, fields, samples }: DiffResult): string {
  const counts = [
    line('same', String(same)),
    line('changed', String(changed)),
    line('missing', `${missing} that the provider lists and the table lacks`),
    line('extra', `${extra} that the table has and the provider does not list`),
  ];
  const byField = Object.entries(fields)
    .sort(([, a], [, b]) => b - a)
    .map(([field, rows]) => [field, String(rows)]);
  const blocks = [
    counts.join('\n'),
    byField.length === 0 ? '' : textTable(['field', 'rows'], byField),
    samples.length === 0
      ? ''
      : textTable(
          ['id', 'field', 'ours', 'theirs'],
          samples.map(({ id, field, ours, theirs }) => [id, field, cell(ours), cell(theirs)]),
        ),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

const WIDEST = 40;

function cell(value: unknown): string {
  const text = JSON.stringify(value) ?? '-';
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}
