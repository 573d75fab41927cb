import { isRunning } from '../../sync/ports/sync-desk.js';
import { line, textTable, timeText } from '../printing.js';
import { durationText } from './run-text.js';
import type { EntityStatus, SyncStatus } from './status.js';
import { problemsOf } from './status-problems.js';

/** The status for people: a table, and what is in the way. */
export function statusText({ mode, budgetChangedAt, entities }: SyncStatus): string {
  const head = [
    line('mode', mode ?? 'none is set: the options of each host hold'),
    line('budget', budgetChangedAt ? `last shared ${timeText(budgetChangedAt.getTime())}` : 'not shared yet'),
  ];
  const problems = entities.flatMap((one) => problemsOf(one).map((problem) => line(one.entity, problem)));
  const blocks = [head.join('\n'), textTable(HEADINGS, entities.map(cellsOf)), problems.join('\n')];
  return blocks.filter((block) => block !== '').join('\n\n');
}

const HEADINGS = 'entity,state,enabled,page,seen,added,changed,refused,deleted,marks,last complete,watermark'.split(
  ',',
);

function cellsOf(one: EntityStatus): readonly string[] {
  const { entity, page, counts, deletionMarks, completeAtMs, nowMs, watermark } = one;
  const { seen, added, changed, refused, deleted } = counts;
  return [
    entity,
    stateOf(one),
    enabledText(one.enabled),
    ...[page, seen, added, changed, refused, deleted, deletionMarks].map(String),
    completeAtMs === null ? 'never' : `${durationText(nowMs - completeAtMs)} ago`,
    watermark === null ? '-' : watermarkText(watermark),
  ];
}

/** No date goes further, unix seconds. */
const LAST_DATE_S = 8_640_000_000_000;

function watermarkText(atS: number): string {
  return Math.abs(atS) > LAST_DATE_S ? String(atS) : timeText(atS * 1_000);
}

function stateOf(one: EntityStatus): string {
  if (isRunning(one)) return `${one.isStale ? 'stale' : 'running'} ${one.kind ?? ''}`.trim();
  return one.verdict === null ? 'never ran' : `${one.verdict} ${one.kind ?? ''}`.trim();
}

function enabledText(enabled: boolean | null): string {
  if (enabled === null) return 'host';
  return enabled ? 'yes' : 'paused';
}
