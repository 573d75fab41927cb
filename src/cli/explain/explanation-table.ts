import type { ExplainedDecision, Explanation } from '../../contracts/health-facts.js';
import { textTable } from '../text-table.js';

const STATUS_NAMES: Readonly<Record<number, string>> = {
  1: 'not started',
  2: '1st half',
  3: 'half-time',
  4: '2nd half',
  5: 'extra time',
  7: 'shoot-out',
  8: 'ended',
  9: 'delayed',
  10: 'interrupted',
  11: 'abandoned',
  12: 'cancelled',
  13: 'to be determined',
};
const HEADINGS = ['time', 'source', 'frame said', 'kick-off', 'outcome', 'reason', 'version'];

/** The decisions as aligned text, oldest first; times in UTC. */
export function explanationTable({ decisions }: Explanation): string {
  return textTable(HEADINGS, decisions.map(rowOf));
}

function rowOf({
  at,
  source,
  delivery,
  status,
  score,
  kickoff,
  outcome,
  reason,
  version,
}: ExplainedDecision): string[] {
  const said = status === null ? 'no score' : `${status} ${STATUS_NAMES[status] ?? ''} ${score ?? ''}`.trim();
  const kickoffAt = kickoff === null ? '-' : new Date(kickoff * 1000).toISOString().slice(11, 19);
  const by = delivery === '' ? source : `${source} ${delivery}`;
  return [new Date(at).toISOString().slice(11, 23), by, said, kickoffAt, outcome, reason, String(version ?? '-')];
}
