import type { Statement } from '../../../postgres/database.js';
import { RETAINED_KINDS, type RetainedKind } from '../../ports/retention-store.js';
import {
  byId,
  byKey,
  byTime,
  count,
  HAS_NO_JOURNAL,
  IS_OVER,
  isOld,
  NOTHING_WAITS,
  prune,
  type Text,
} from './retention-texts.js';

/** Matches of one batch of verdicts: one may have thousands of predictions. */
const MATCHES = 50;

/** By match, for no index has their time: those with a journal are passed over at once. */
const VERDICTS: Text = (deed) => `
WITH RECURSIVE ids AS (
  (SELECT v.match_id, 1 AS n FROM livescore_settlement v
    WHERE v.match_id > COALESCE($2::text, '') ORDER BY v.match_id LIMIT 1)
  UNION ALL
  SELECT x.match_id, i.n + 1 FROM ids i CROSS JOIN LATERAL (
    SELECT v.match_id FROM livescore_settlement v WHERE v.match_id > i.match_id ORDER BY v.match_id LIMIT 1
  ) x WHERE i.n < ${MATCHES}
), finished AS (
  SELECT s.match_id FROM ids s
  WHERE ${IS_OVER} AND ${HAS_NO_JOURNAL}
    AND NOT EXISTS (SELECT FROM livescore_settlement_match w WHERE w.match_id = s.match_id)
    AND NOT EXISTS (SELECT FROM livescore_settlement n WHERE n.match_id = s.match_id AND NOT ${isOld('n.decided_at')})
), gone AS (${deed('livescore_settlement', 'finished f', 't.match_id = f.match_id')})
SELECT (SELECT count(*) FROM gone)::float8 AS "livescore_settlement",
  (SELECT CASE WHEN count(*) < ${MATCHES} THEN NULL ELSE max(i.match_id) END FROM ids i) AS after`;

const TEXTS: Readonly<Record<RetainedKind, Text>> = {
  /**
   * A match goes as a whole: half of its journal would make a revert go back to a state that never was. One that is played,
   * postponed or interrupted stays, and so does one whose predictions wait for something.
   */
  journal: byTime({
    table: 'livescore_journal',
    at: 'committed_at',
    unless: `${NOTHING_WAITS} AND NOT EXISTS (SELECT FROM livescore_journal n
    WHERE n.match_id = s.match_id AND NOT ${isOld('n.committed_at')})`,
    tables: ['livescore_journal', 'livescore_announced', 'livescore_settlement_match'],
  }),
  /** Rows without news are of earlier releases: they have no index, and go with their journal. */
  announcements: byTime({
    table: 'livescore_announced',
    at: 'announced_at',
    where: 'AND t.news IS NOT NULL',
    unless: `${HAS_NO_JOURNAL} AND NOT EXISTS (SELECT FROM livescore_announced n
    WHERE n.match_id = s.match_id AND NOT ${isOld('n.announced_at')})`,
    tables: ['livescore_announced'],
  }),
  progress: byTime({
    table: 'livescore_settlement_match',
    at: 'settled_at',
    where: 'AND t.next_at IS NULL',
    unless: `${HAS_NO_JOURNAL} AND ${NOTHING_WAITS}`,
    tables: ['livescore_settlement_match'],
  }),
  withdrawn: byId({
    table: 'livescore_withdrawn_incident',
    where: `${isOld('s.withdrawn_at')} AND ${IS_OVER} AND ${HAS_NO_JOURNAL}`,
  }),
  disputes: byKey({
    table: 'livescore_format_dispute',
    key: ['match_id'],
    where: `${isOld('s.raised_at')} AND ${IS_OVER} AND ${HAS_NO_JOURNAL} AND ${NOTHING_WAITS}`,
  }),
  verdicts: VERDICTS,
  letters: byId({
    table: 'livescore_dead_letter',
    where: `${isOld('s.received_at')} AND s.redrive_at IS NULL`,
    again: `AND ${isOld('t.received_at')} AND t.redrive_at IS NULL`,
  }),
  decisions: byId({ table: 'livescore_rollout_decision', where: isOld('s.decided_at') }),
  comparisons: byKey({
    table: 'livescore_shadow',
    key: ['match_id'],
    where: isOld('s.compared_at'),
    again: `AND ${isOld('t.compared_at')}`,
    others: ['livescore_shadow_goal'],
  }),
  /** A match that nobody has a row of is never listed again: the list of matches would have made one. */
  deletions: byKey({
    table: 'livescore_sync_deleted',
    key: ['entity', 'external_id'],
    where: `${isOld('s.seen_at')} AND (${isOld('s.listed_at')} OR (s.listed_at IS NULL AND s.entity = 'match'
      AND NOT EXISTS (SELECT FROM ts_matches m WHERE m.external_id = s.external_id)))`,
    again: `AND ${isOld('t.seen_at')}`,
  }),
  questions: byKey({
    table: 'livescore_sync_asked',
    key: ['entity', 'external_id'],
    where: isOld('s.asked_at'),
    again: `AND ${isOld('t.asked_at')}`,
  }),
};

export const PRUNE: Readonly<Record<RetainedKind, Statement>> = statements('prune', prune);
export const COUNT: Readonly<Record<RetainedKind, Statement>> = statements('count', count);

function statements(verb: string, deed: typeof prune): Readonly<Record<RetainedKind, Statement>> {
  const named = RETAINED_KINDS.map((kind) => [kind, { name: `livescore_${verb}_${kind}`, text: TEXTS[kind](deed) }]);
  return Object.fromEntries(named);
}
