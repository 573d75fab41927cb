import { DatabaseError, Pool, type PoolClient, type QueryResult } from 'pg';
import { displayScore } from '../../src/domain/score.js';
import type { SeededRandom } from '../../test/support/seeded-random.js';
import { type Story, type Truth, truthAt } from './season.js';
import type { PlatformFrame, SharedScreen } from './shared-screen.js';

const MATCH_SYNC_S = 120;
const RECONCILE_S = 300;
const DIARY_S = 600;
const FINISHER_S = 600;
const MINUTE_JOB_S = 30;
/** How old the provider's answers are, seconds: 5 to 90. */
const AGE_S = [5, 90] as const;
const LATE_BROADCASTS = 0.3;
/** how likely a person refreshes a live match in one step */
const REFRESHED = 0.001;
const DEADLOCK = '40P01';
/** More than a season brings: a run with more is no longer one of programs that meet now and then. */
const MOST_OWN_DEADLOCKS = 20;

/**
 * The programs of the platform that write match rows, by what is known of them: match sync (display score from slot 0, a
 * broadcast after each UPDATE), diary, reconcile (NULL minutes, a second-half kick-off that moves), the finisher of stuck
 * matches (stamps `admin`), the minute job, and now and then a person who forces a refresh.
 */
export class Platform {
  readonly faults: string[] = [];
  statements = 0;
  /** statements run again because two of the programs waited for each other */
  ownDeadlocks = 0;
  private readonly sessions = new Set<number>();
  private readonly pool: Pool;
  private readonly late: PlatformFrame[] = [];

  constructor(
    url: string,
    private readonly stories: readonly Story[],
    private readonly screen: SharedScreen,
    private readonly random: SeededRandom,
  ) {
    this.pool = new Pool({ connectionString: url, max: 3 });
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client: PoolClient & { processID?: number }) => {
      if (client.processID !== undefined) this.sessions.add(client.processID);
    });
  }

  /** What these programs do within the step that ends now: begun at once, in any order. */
  work(fromS: number, nowS: number): readonly Promise<void>[] {
    const isDue = (everyS: number, shiftS = 0) =>
      Math.floor((nowS + shiftS) / everyS) > Math.floor((fromS + shiftS) / everyS);
    const works: Promise<void>[] = [];
    for (const [n, story] of this.stories.entries()) {
      const seen = truthAt(story, nowS - AGE_S[0] - this.random.below(AGE_S[1] - AGE_S[0]));
      if (!seen || seen.status === 1) continue;
      if (isDue(MATCH_SYNC_S, n * 13)) works.push(this.matchSync(story, seen, nowS));
      if (isDue(RECONCILE_S, n * 29)) works.push(this.reconcile(story, seen, nowS));
      if (isDue(DIARY_S, n * 41)) works.push(this.diary(story, seen));
      const now = truthAt(story, nowS);
      if (now && now.status < 8 && this.random.next() < REFRESHED) works.push(this.forceRefresh(story, now, nowS));
    }
    if (isDue(FINISHER_S)) works.push(this.finisher(nowS));
    if (isDue(MINUTE_JOB_S)) works.push(this.minuteJob(nowS));
    return works;
  }

  /** Broadcasts that came later than their UPDATE. */
  broadcastLate(): void {
    for (const frame of this.late.splice(0)) this.screen.apply(frame);
  }

  async end(): Promise<void> {
    await this.pool.end();
  }

  private async matchSync({ matchId }: Story, { status, home, away }: Truth, nowS: number): Promise<void> {
    const written = await this.run(
      `UPDATE ts_matches SET status_id = $2, home_scores = $3::jsonb, away_scores = $4::jsonb,
        home_score_display = $5, away_score_display = $6, home_score_regular = $5, away_score_regular = $6,
        home_score_overtime = NULL, away_score_overtime = NULL, home_score_source = 'api', away_score_source = 'api',
        incidents = NULL, external_updated_at = $7, updated_at = now() WHERE external_id = $1`,
      [matchId, status, JSON.stringify(home), JSON.stringify(away), home[0], away[0], nowS],
    );
    if (written === 1) this.broadcast(matchId, status, home[0], away[0]);
  }

  private async diary({ matchId }: Story, { status, home, away }: Truth): Promise<void> {
    await this.run(
      `UPDATE ts_matches SET status_id = $2, home_score_display = $3, away_score_display = $4, status_id_source = 'api'
       WHERE external_id = $1`,
      [matchId, status, displayScore(home), displayScore(away)],
    );
  }

  private async reconcile({ matchId }: Story, truth: Truth, nowS: number): Promise<void> {
    const { status, home, away, kickoffs } = truth;
    const minute = status === 3 || status >= 8 ? null : Math.floor((nowS - (kickoffs[0] ?? nowS)) / 60);
    await this.run(
      `UPDATE ts_matches SET status_id = $2, home_scores = $3::jsonb, away_scores = $4::jsonb,
        home_score_display = $5, away_score_display = $6, minute = $7,
        first_half_kickoff_ts = COALESCE(first_half_kickoff_ts, $8::bigint),
        second_half_kickoff_ts = $9::bigint, overtime_kickoff_ts = COALESCE(overtime_kickoff_ts, $10::bigint),
        provider_update_time = GREATEST(provider_update_time, $11::bigint), home_score_source = 'api',
        last_update_source = 'api', updated_at = now() WHERE external_id = $1`,
      [
        matchId,
        status,
        JSON.stringify(home),
        JSON.stringify(away),
        displayScore(home),
        displayScore(away),
        minute,
        kickoffs[0],
        status >= 4 ? nowS - this.random.below(1_500) : null,
        kickoffs[2],
        Math.floor(truth.atS),
      ],
    );
  }

  private async forceRefresh({ matchId }: Story, truth: Truth, nowS: number): Promise<void> {
    const { status, home, away } = truth;
    const written = await this.run(
      `UPDATE ts_matches SET status_id = $2, home_scores = $3::jsonb, away_scores = $4::jsonb,
        home_score_display = $5, away_score_display = $6, home_score_regular = $7, away_score_regular = $8, minute = NULL,
        last_update_source = 'api_force_refresh', external_updated_at = $9, updated_at = now() WHERE external_id = $1`,
      [
        matchId,
        status,
        JSON.stringify(home),
        JSON.stringify(away),
        displayScore(home),
        displayScore(away),
        home[0],
        away[0],
        nowS,
      ],
    );
    if (written === 1) this.broadcast(matchId, status, displayScore(home), displayScore(away));
  }

  private async finisher(nowS: number): Promise<void> {
    const ended = await this.query<{ external_id: string }>(
      `UPDATE ts_matches SET status_id = 8, status_id_source = 'admin', status_id_timestamp = $1, ended = true,
        last_update_source = 'watchdog', updated_at = now()
       WHERE status_id IN (2, 3, 4, 5, 7) AND ((match_time < $1 - 7200 AND minute >= 90) OR match_time < $1 - 14400)
       RETURNING external_id`,
      [nowS],
    );
    for (const { external_id: matchId } of ended) this.tell({ type: 'MATCH_STATE_CHANGE', matchId, statusId: 8 });
  }

  private async minuteJob(nowS: number): Promise<void> {
    await this.run(
      `UPDATE ts_matches SET minute = LEAST(120, ($1 - first_half_kickoff_ts) / 60)::integer, minute_source = 'computed',
        last_update_source = 'computed', updated_at = now()
       WHERE status_id IN (2, 4, 5) AND first_half_kickoff_ts IS NOT NULL`,
      [nowS],
    );
  }

  private broadcast(matchId: string, statusId: number, homeScore: number, awayScore: number): void {
    this.tell({ type: 'MATCH_STATE_CHANGE', matchId, statusId });
    this.tell({ type: 'SCORE_CHANGE', matchId, statusId, homeScore, awayScore });
  }

  private tell(frame: PlatformFrame): void {
    if (this.random.next() < LATE_BROADCASTS) this.late.push(frame);
    else this.screen.apply(frame);
  }

  private async run(sql: string, values: readonly unknown[]): Promise<number> {
    return (await this.execute(sql, values))?.rowCount ?? 0;
  }

  private async query<Row extends object>(sql: string, values: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.execute<Row>(sql, values))?.rows ?? [];
  }

  private async execute<Row extends object>(
    sql: string,
    values: readonly unknown[],
  ): Promise<QueryResult<Row> | undefined> {
    this.statements++;
    for (;;) {
      try {
        return await this.pool.query<Row>(sql, [...values]);
      } catch (error) {
        if (isDeadlockAmong(this.sessions, error) && ++this.ownDeadlocks <= MOST_OWN_DEADLOCKS) continue;
        this.faults.push(told(error));
        return undefined;
      }
    }
  }
}

/**
 * Two programs that update many rows each can meet in either order of the rows, also without any package: PostgreSQL ends
 * one, and a program runs it again. A cycle with a session that is none of theirs is somebody else's fault.
 */
function isDeadlockAmong(sessions: ReadonlySet<number>, error: unknown): boolean {
  if (!(error instanceof DatabaseError) || error.code !== DEADLOCK) return false;
  const waiting = [...(error.detail ?? '').matchAll(/process (\d+)/gi)].map(([, pid]) => Number(pid));
  return waiting.length > 0 && waiting.every((pid) => sessions.has(pid));
}

const told = (error: unknown): string =>
  error instanceof DatabaseError && error.detail ? `${error}: ${error.detail}` : String(error);
