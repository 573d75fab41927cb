import type { RolloutStore } from '../../rollout/ports/rollout-store.js';
import type { CommandOutput } from '../command.js';
import { textTable } from '../text-table.js';
import { printable, stageText, timeText } from './setting-text.js';

const HEADINGS = ['id', 'when', 'stage', 'latched', 'by', 'why'];

/** Who changed what, newest first. */
export async function stageHistory(
  limit: number,
  json: boolean,
  store: RolloutStore,
  { stdout, stderr }: CommandOutput,
): Promise<number> {
  const changes = await store.history(limit);
  if (json) {
    stdout(JSON.stringify(changes.map(({ changedAtMs, ...change }) => ({ ...change, at: timeText(changedAtMs) }))));
    return 0;
  }
  if (changes.length === 0) {
    stderr('Nobody has set a stage: everything is legacy.');
    return 0;
  }
  const rows = changes.map((change) => [
    String(change.id),
    timeText(change.changedAtMs),
    stageText(change),
    change.latched ? 'yes' : '-',
    printable(change.changedBy),
    printable(change.reason),
  ]);
  stdout(textTable(HEADINGS, rows));
  return 0;
}
