import { SCORE_COLUMNS } from '../platform/score-columns.js';

/** What the statements of the package need of one table. */
export interface NeededTable {
  readonly name: string;
  readonly rights: readonly ('SELECT' | 'INSERT' | 'UPDATE' | 'DELETE')[];
  readonly columns: readonly string[];
}

/** Columns of `ts_matches` beside those of the score: the first five are only read. */
const MATCH_COLUMNS = `id external_id match_time live_kickoff_time competition_id score_version score_seen_at score_pulled_at score_reached score_protected_until
  kickoff_source ended minute minute_source minute_timestamp last_minute_update_ts last_update_source last_event_ts
  updated_at statistics incidents tlive`;
/** Read, and never written: a role may be denied to change them. */
export const KEYS: readonly string[] = ['id', 'external_id', 'match_time', 'live_kickoff_time', 'competition_id'];

/** Every table that a statement of ours names: a host without one of them is not ready, and `schema` is set before each. */
export const NEEDED_TABLES: readonly NeededTable[] = [
  table('ts_matches', 'SELECT UPDATE', [...words(MATCH_COLUMNS), ...SCORE_COLUMNS.map(({ name }) => name)]),
  table(
    'livescore_journal',
    'SELECT INSERT UPDATE',
    `match_id epoch version source before after provider_time received_at committed_at catch_up settled_at minute
      goal_incidents`,
  ),
  table('livescore_announced', 'SELECT INSERT', 'match_id incident_key announced_at news'),
  table('livescore_setting', 'SELECT INSERT UPDATE', 'name value changed_at changed_by reason'),
  table('livescore_lease', 'SELECT INSERT UPDATE', 'name holder fence client_id acquired_at renewed_at expires_at'),
  table('livescore_host', 'SELECT INSERT UPDATE DELETE', 'host key facts seen_at'),
  table(
    'livescore_dead_letter',
    'SELECT INSERT UPDATE DELETE',
    'id reason detail match_id topic payload received_at buried_at redrive_at redrives',
  ),
  table(
    'livescore_rollout',
    'SELECT INSERT',
    `id stage percent allow_matches deny_matches allow_competitions deny_competitions step_plan latched changed_at
      changed_by reason`,
  ),
  table('livescore_pin', 'SELECT', 'match_id route pinned_at pinned_by reason'),
  table('livescore_shadow', 'SELECT INSERT UPDATE', 'match_id consistent inconsistent errors samples compared_at'),
  table('livescore_shadow_goal', 'SELECT INSERT UPDATE DELETE', 'match_id home away direct_at legacy_at'),
  table('livescore_rollout_decision', 'SELECT INSERT', 'id verdict action stage percent reason numbers decided_at'),
  table('livescore_foreign_write', 'SELECT UPDATE DELETE', 'id match_id version at mode result before offered told_at'),
  table('livescore_match_format', 'SELECT', 'scope id format changed_at changed_by reason'),
  table('livescore_format_dispute', 'SELECT INSERT', 'match_id format played_s raised_at'),
  table(
    'livescore_settlement',
    'SELECT INSERT',
    `prediction_id is_shadow revision match_id verdict result certainty reason cause market rule rule_version period basis
      score epoch version deadline supersedes told fingerprint decided_at`,
  ),
  table(
    'livescore_settlement_match',
    'SELECT INSERT UPDATE DELETE',
    'match_id step epoch version path words heard predictions mode next_at settled_at',
  ),
  table('livescore_withdrawn_incident', 'INSERT', 'id match_id incident withdrawn_at'),
  table(
    'livescore_sync_status',
    'SELECT INSERT UPDATE',
    `entity run_id kind runner started_at heartbeat_at page newest seen added changed refused deleted ticks tick_at verdict
      error finished_at complete_at full_at watermark wanted wanted_at wanted_by diff`,
  ),
  table('livescore_sync_deleted', 'SELECT INSERT UPDATE', 'entity external_id seen_at listed_at'),
  table('livescore_sync_asked', 'SELECT INSERT UPDATE', 'entity external_id asked_at'),
  table('livescore_sync_change', 'SELECT INSERT UPDATE DELETE', 'type id of update_time seen_at fate'),
  table('livescore_stale_match', 'SELECT INSERT UPDATE DELETE', 'match_id reason since asked_at stale_at'),
  table('livescore_provider_budget', 'SELECT INSERT UPDATE', 'name version state changed_at'),
];

/**
 * Tables of the platform that single features need: a host without one of them is ready, and the settlement, or the sync of
 * that entity, does nothing.
 */
export const FEATURE_TABLES: readonly string[] = words(
  `ai_predictions ts_sync_state ts_categories ts_countries ts_competitions ts_teams ts_players ts_coaches ts_referees ts_venues
  ts_seasons ts_stages`,
);

function table(name: string, rights: string, columns: string | readonly string[]): NeededTable {
  return {
    name,
    rights: words(rights) as unknown as NeededTable['rights'],
    columns: typeof columns === 'string' ? words(columns) : columns,
  };
}

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}
