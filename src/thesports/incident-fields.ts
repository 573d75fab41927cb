import type { Incident } from '../domain/match-update.js';

/** Slot order of the positional form. */
export const INCIDENT_FIELDS = [
  'type',
  'position',
  'time',
  'player_id',
  'player_name',
  'assist1_id',
  'assist1_name',
  'assist2_id',
  'assist2_name',
  'in_player_id',
  'in_player_name',
  'out_player_id',
  'out_player_name',
  'home_score',
  'away_score',
  'var_reason',
  'var_result',
  'reason_type',
] as const satisfies readonly (keyof Incident)[];
