/**
 * The script makes the slice of the platform database that the live-score modules read or write: it is safe to run
 * twice, and needs no extension. A string, so that it survives both builds. Run it as a simple query (several
 * statements).
 */
export const platformSchemaSql = `
-- Reference schema: the slice of the platform database that the live-score
-- modules read or write.  PostgreSQL 15 (gen_random_uuid() is built in).
-- Safe to run twice.  Run it in an empty database for tests.
--
-- What production does NOT have, on purpose reproduced here:
--   * no foreign keys, no CHECK and no NOT NULL (beyond the primary key) on ts_matches;
--   * external_id is the only uniqueness rule on ts_matches, and it is nullable;
--   * no audit, outbox, dead-letter or match-event table.
-- Units: every bigint that holds a time is integer unix SECONDS (UTC).
-- created_at / updated_at are "timestamp without time zone".

-- ---------------------------------------------------------------------------
-- ts_matches
-- ---------------------------------------------------------------------------
CREATE TABLE IF NOT EXISTS ts_matches (
  id                        uuid PRIMARY KEY DEFAULT gen_random_uuid(),  -- writers omit id: the default is required
  external_id               varchar(255) UNIQUE,     -- provider match id; the key used everywhere
  season_id                 varchar(255),
  competition_id            varchar(255),
  home_team_id              varchar(255),
  away_team_id              varchar(255),
  status_id                 integer,
  match_time                bigint,                  -- scheduled start, unix seconds
  venue_id                  varchar(255),
  referee_id                varchar(255),
  neutral                   boolean DEFAULT false,
  note                      text,
  home_scores               jsonb,                   -- 7-slot array
  away_scores               jsonb,                   -- 7-slot array
  home_position             integer,
  away_position             integer,
  coverage_mlive            boolean,
  coverage_lineup           boolean,
  stage_id                  varchar(255),
  group_num                 integer,
  round_num                 integer,
  related_id                varchar(255),
  agg_score                 varchar(50),
  environment_weather       varchar(255),
  environment_pressure      varchar(255),
  environment_temperature   varchar(255),
  environment_wind          varchar(255),
  environment_humidity      varchar(255),
  tbd                       boolean,
  has_ot                    boolean,
  ended                     boolean,
  team_reverse              boolean,
  external_updated_at       bigint,                  -- provider updated_at from lists/diary
  created_at                timestamp DEFAULT now(),
  updated_at                timestamp DEFAULT now(),

  -- derived scores
  home_score_regular        integer DEFAULT 0,
  away_score_regular        integer DEFAULT 0,
  home_score_overtime       integer DEFAULT 0,
  away_score_overtime       integer DEFAULT 0,
  home_score_penalties      integer DEFAULT 0,
  away_score_penalties      integer DEFAULT 0,
  home_score_display        integer DEFAULT 0,       -- what readers show
  away_score_display        integer DEFAULT 0,

  -- card and corner counters
  home_red_cards            integer DEFAULT 0,
  away_red_cards            integer DEFAULT 0,
  home_yellow_cards         integer DEFAULT 0,
  away_yellow_cards         integer DEFAULT 0,
  home_corners              integer DEFAULT 0,
  away_corners              integer DEFAULT 0,

  -- clocks
  live_kickoff_time         bigint,                  -- legacy
  first_half_kickoff_ts     bigint,                  -- write-once by convention
  second_half_kickoff_ts    bigint,                  -- write-once by convention
  overtime_kickoff_ts       bigint,                  -- write-once by convention
  minute                    integer,
  provider_update_time      bigint,
  last_event_ts             bigint,
  last_minute_update_ts     bigint,

  -- per-field provenance
  home_score_source         varchar(20),
  home_score_timestamp      bigint,
  away_score_source         varchar(20),
  away_score_timestamp      bigint,
  minute_source             varchar(20),
  minute_timestamp          bigint,
  status_id_source          varchar(20),
  status_id_timestamp       bigint,
  last_update_source        varchar(50),

  -- documents
  statistics                jsonb,
  incidents                 jsonb,
  tlive                     jsonb,
  trend_data                jsonb,
  first_half_stats          jsonb,
  statistics_second_half    jsonb,
  incidents_first_half      jsonb DEFAULT '[]'::jsonb,
  incidents_second_half     jsonb DEFAULT '[]'::jsonb,
  data_completeness         jsonb DEFAULT '{"first_half":false,"second_half":false,"full_time":false}'::jsonb,

  -- odds/analysis side data; not touched by the live path
  home_win_rate             double precision,
  away_win_rate             double precision,
  draw_rate                 double precision,
  home_recent_win_rate      double precision,
  away_recent_win_rate      double precision,
  compensation_data         jsonb,
  environment               jsonb,
  loss                      integer DEFAULT 0,
  lineup_confirmed          integer DEFAULT 0,
  coach_home_id             varchar(50),
  coach_away_id             varchar(50),
  injury_data               jsonb,
  h2h_data                  jsonb,
  future_matches            jsonb,
  goal_distribution         jsonb,
  history_home_rate         double precision,
  history_away_rate         double precision,
  recent_home_rate          double precision,
  recent_away_rate          double precision,
  deleted_at                timestamp
);

CREATE INDEX IF NOT EXISTS idx_ts_matches_status      ON ts_matches (status_id);
CREATE INDEX IF NOT EXISTS idx_ts_matches_time        ON ts_matches (match_time);
CREATE INDEX IF NOT EXISTS idx_ts_matches_competition ON ts_matches (competition_id);
CREATE INDEX IF NOT EXISTS idx_ts_matches_external_id ON ts_matches (external_id);
CREATE INDEX IF NOT EXISTS idx_ts_matches_score_display
  ON ts_matches (home_score_display, away_score_display);
CREATE INDEX IF NOT EXISTS idx_ts_matches_live_kickoff
  ON ts_matches (live_kickoff_time) WHERE live_kickoff_time IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_ts_matches_first_half_kickoff
  ON ts_matches (first_half_kickoff_ts) WHERE first_half_kickoff_ts IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_ts_matches_second_half_kickoff
  ON ts_matches (second_half_kickoff_ts) WHERE second_half_kickoff_ts IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_ts_matches_overtime_kickoff
  ON ts_matches (overtime_kickoff_ts) WHERE overtime_kickoff_ts IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_ts_matches_provider_update_time
  ON ts_matches (provider_update_time) WHERE provider_update_time IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_ts_matches_last_event_ts
  ON ts_matches (last_event_ts) WHERE last_event_ts IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_ts_matches_home_score_timestamp
  ON ts_matches (home_score_timestamp) WHERE status_id IN (2, 3, 4, 5, 7);
CREATE INDEX IF NOT EXISTS idx_ts_matches_minute_timestamp
  ON ts_matches (minute_timestamp) WHERE status_id IN (2, 3, 4, 5, 7);
CREATE INDEX IF NOT EXISTS idx_ts_matches_statistics        ON ts_matches USING gin (statistics);
CREATE INDEX IF NOT EXISTS idx_ts_matches_incidents         ON ts_matches USING gin (incidents);
CREATE INDEX IF NOT EXISTS idx_ts_matches_data_completeness ON ts_matches USING gin (data_completeness);
CREATE INDEX IF NOT EXISTS idx_matches_live_status
  ON ts_matches (status_id, match_time DESC) WHERE status_id IN (2, 3, 4, 5, 7);
CREATE INDEX IF NOT EXISTS idx_ts_matches_live_covering
  ON ts_matches (status_id, match_time DESC)
  INCLUDE (external_id, minute, home_score_display, away_score_display, competition_id)
  WHERE status_id IN (2, 3, 4, 5, 7);

-- ---------------------------------------------------------------------------
-- ai_predictions  (match_id holds ts_matches.external_id; no foreign key)
-- ---------------------------------------------------------------------------
CREATE TABLE IF NOT EXISTS ai_predictions (
  id                     uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  external_id            varchar(100),               -- NOT unique
  canonical_bot_name     varchar(100) NOT NULL,
  league_name            varchar(255),
  home_team_name         varchar(255) NOT NULL,
  away_team_name         varchar(255) NOT NULL,
  home_team_id           varchar(50),
  away_team_id           varchar(50),
  score_at_prediction    varchar(20)  NOT NULL DEFAULT '0-0',
  minute_at_prediction   integer      NOT NULL DEFAULT 0,
  prediction             varchar(100) NOT NULL DEFAULT 'IY 0.5 ÜST',
  prediction_threshold   numeric(3,1) NOT NULL DEFAULT 0.5,
  match_id               varchar(100),
  match_time             bigint,
  match_status           integer,
  competition_id         varchar(100),
  country_id             varchar(100),
  result                 varchar(20)  NOT NULL DEFAULT 'pending'
                         CHECK (result IN ('pending', 'won', 'lost', 'cancelled')),
  final_score            varchar(20),
  result_reason          varchar(255),
  access_type            varchar(10)  NOT NULL DEFAULT 'FREE' CHECK (access_type IN ('VIP', 'FREE')),
  source                 varchar(20)  NOT NULL DEFAULT 'external' CHECK (source IN ('external', 'manual')),
  created_at             timestamp DEFAULT now(),
  updated_at             timestamp DEFAULT now(),
  resulted_at            timestamp
);
CREATE INDEX IF NOT EXISTS idx_predictions_settlement
  ON ai_predictions (match_id, result, minute_at_prediction);
CREATE INDEX IF NOT EXISTS idx_predictions_threshold ON ai_predictions (prediction_threshold);
CREATE INDEX IF NOT EXISTS idx_predictions_source    ON ai_predictions (source);

-- ---------------------------------------------------------------------------
-- ts_sync_state  (one cursor row per entity)
-- ---------------------------------------------------------------------------
CREATE TABLE IF NOT EXISTS ts_sync_state (
  entity_type     varchar(50) PRIMARY KEY,           -- 'competition', 'team', 'player', 'coach', 'match', ...
  last_updated_at bigint,                            -- max provider updated_at seen, unix seconds
  last_sync_at    timestamp DEFAULT now(),
  created_at      timestamp DEFAULT now(),
  updated_at      timestamp DEFAULT now()
);

-- ---------------------------------------------------------------------------
-- job_execution_logs
-- ---------------------------------------------------------------------------
CREATE TABLE IF NOT EXISTS job_execution_logs (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  job_name      varchar(100) NOT NULL,
  started_at    timestamptz  NOT NULL DEFAULT now(),
  finished_at   timestamptz,
  status        varchar(20)  NOT NULL,
  duration_ms   integer,
  rows_affected integer,
  error_message text,
  metadata      jsonb,
  created_at    timestamptz DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_job_logs_name_started ON job_execution_logs (job_name, started_at DESC);
CREATE INDEX IF NOT EXISTS idx_job_logs_status       ON job_execution_logs (status);

-- ---------------------------------------------------------------------------
-- Entity tables.  external_id is the provider id and the upsert key.
-- References between them are plain provider ids without foreign keys.
-- updated_at is a timestamp (provider "updated_at" seconds converted by the
-- writer), not a bigint as in ts_matches.external_updated_at.
-- ---------------------------------------------------------------------------
CREATE TABLE IF NOT EXISTS ts_categories (
  id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  external_id varchar(255) UNIQUE NOT NULL,
  name        varchar(255),
  deleted_at  timestamp,
  created_at  timestamp DEFAULT now(),
  updated_at  timestamp DEFAULT now()
);

CREATE TABLE IF NOT EXISTS ts_countries (
  id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  external_id varchar(255) UNIQUE NOT NULL,
  category_id varchar(255),
  name        varchar(255),
  logo        varchar(500),
  deleted_at  timestamp,
  created_at  timestamp DEFAULT now(),
  updated_at  timestamp DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_ts_countries_category_id ON ts_countries (category_id);

CREATE TABLE IF NOT EXISTS ts_competitions (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  external_id     varchar(255) UNIQUE NOT NULL,
  name            varchar(255),
  short_name      varchar(255),
  logo_url        varchar(500),
  type            integer,                            -- 0 unknown, 1 league, 2 cup, 3 friendly
  category_id     varchar(255),
  country_id      varchar(255),
  cur_season_id   varchar(255),
  cur_stage_id    varchar(255),
  primary_color   varchar(50),
  secondary_color varchar(50),
  uid             varchar(255),                       -- master record id when this row is a duplicate
  is_duplicate    boolean DEFAULT false,
  deleted_at      timestamp,
  created_at      timestamp DEFAULT now(),
  updated_at      timestamp DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_ts_competitions_category_id ON ts_competitions (category_id);
CREATE INDEX IF NOT EXISTS idx_ts_competitions_uid         ON ts_competitions (uid);

CREATE TABLE IF NOT EXISTS ts_teams (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  external_id     varchar(255) UNIQUE NOT NULL,
  name            varchar(255),
  short_name      varchar(100),
  logo_url        varchar(500),
  website         varchar(500),
  national        boolean,
  foundation_time integer,
  competition_id  varchar(255),
  country_id      varchar(255),
  venue_id        varchar(255),
  coach_id        varchar(255),
  uid             varchar(255),
  is_duplicate    boolean DEFAULT false,
  deleted_at      timestamp,
  created_at      timestamp DEFAULT now(),
  updated_at      timestamp DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_ts_teams_competition_id ON ts_teams (competition_id);
CREATE INDEX IF NOT EXISTS idx_ts_teams_country_id     ON ts_teams (country_id);
CREATE INDEX IF NOT EXISTS idx_ts_teams_name           ON ts_teams (name);
CREATE INDEX IF NOT EXISTS idx_ts_teams_uid            ON ts_teams (uid);

CREATE TABLE IF NOT EXISTS ts_players (
  id                    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  external_id           varchar(255) UNIQUE NOT NULL,
  name                  varchar(255),
  short_name            varchar(100),
  logo                  varchar(500),
  team_id               varchar(255),                 -- provider "0" or "" is stored as NULL
  country_id            varchar(255),
  age                   integer,
  birthday              bigint,
  height                integer,
  weight                integer,
  market_value          bigint,
  market_value_currency varchar(10),
  contract_until        bigint,
  preferred_foot        integer,
  position              varchar(10),
  positions             jsonb,
  ability               jsonb,
  characteristics       jsonb,
  uid                   varchar(255),
  is_duplicate          boolean DEFAULT false,
  deleted_at            timestamp,
  created_at            timestamp DEFAULT now(),
  updated_at            timestamp DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_ts_players_team_id ON ts_players (team_id);
CREATE INDEX IF NOT EXISTS idx_ts_players_name    ON ts_players (name);
CREATE INDEX IF NOT EXISTS idx_ts_players_uid     ON ts_players (uid);

CREATE TABLE IF NOT EXISTS ts_coaches (
  id                  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  external_id         varchar(255) UNIQUE NOT NULL,
  name                varchar(255),
  short_name          varchar(100),
  logo                varchar(500),
  team_id             varchar(255),
  country_id          varchar(255),
  type                integer,                        -- 1 head coach, 2 interim
  birthday            bigint,
  age                 integer,
  preferred_formation varchar(20),
  nationality         varchar(100),
  joined              bigint,
  contract_until      bigint,
  uid                 varchar(255),
  is_duplicate        boolean DEFAULT false,
  deleted_at          timestamp,
  created_at          timestamp DEFAULT now(),
  updated_at          timestamp DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_ts_coaches_team_id ON ts_coaches (team_id);
CREATE INDEX IF NOT EXISTS idx_ts_coaches_uid     ON ts_coaches (uid);

CREATE TABLE IF NOT EXISTS ts_referees (
  id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  external_id varchar(255) UNIQUE NOT NULL,
  name        varchar(255),
  short_name  varchar(100),
  logo        varchar(500),
  country_id  varchar(255),
  birthday    bigint,
  deleted_at  timestamp,
  created_at  timestamp DEFAULT now(),
  updated_at  timestamp DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_ts_referees_country_id ON ts_referees (country_id);

CREATE TABLE IF NOT EXISTS ts_venues (
  id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  external_id varchar(255) UNIQUE NOT NULL,
  name        varchar(255),
  city        varchar(255),
  capacity    integer,
  country_id  varchar(255),
  deleted_at  timestamp,
  created_at  timestamp DEFAULT now(),
  updated_at  timestamp DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_ts_venues_country_id ON ts_venues (country_id);

CREATE TABLE IF NOT EXISTS ts_seasons (
  id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  external_id      varchar(255) UNIQUE NOT NULL,
  competition_id   varchar(255),
  year             varchar(50),
  is_current       boolean,                           -- provider sends 0/1
  has_table        boolean,
  has_player_stats boolean,
  has_team_stats   boolean,
  start_time       bigint,
  end_time         bigint,
  deleted_at       timestamp,
  created_at       timestamp DEFAULT now(),
  updated_at       timestamp DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_ts_seasons_competition_current ON ts_seasons (competition_id, is_current);

CREATE TABLE IF NOT EXISTS ts_stages (
  id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  external_id varchar(255) UNIQUE NOT NULL,
  season_id   varchar(255),
  name        varchar(255),
  mode        integer,
  group_count integer,
  round_count integer,
  sort_order  integer,
  deleted_at  timestamp,
  created_at  timestamp DEFAULT now(),
  updated_at  timestamp DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_ts_stages_season_order ON ts_stages (season_id, sort_order);
`;
