import { isRefused, readItem, type StoredField } from '../../domain/sync/entity-row.js';
import type { JobSchedule, RunEnd } from '../../domain/sync/run-facts.js';
import type { JobRun } from '../job-run.js';
import type { EntityStore, TeamLack } from '../ports/entity-store.js';
import { SyncJob } from '../sync-job.js';
import type { EntityPages } from './entity-pages.js';
import { team } from './list/team.js';

const ENDPOINT = '/team/list';
const TIMEOUT_MS = 30_000;
const TEAMS_PER_RUN = 100;
/** A run that fails on one team after the other learns nothing more. */
const MOST_FAILURES = 3;

export interface TeamLookupFacts {
  readonly name: string;
  readonly replaces: string;
  readonly lacks: TeamLack;
  readonly schedules: readonly JobSchedule[];
  /** a team that was asked about within this time is left alone, ms */
  readonly notAskedForMs: number;
}

const HOUR_MS = 3_600_000;

export const TEAM_DATA: TeamLookupFacts = {
  name: 'team-data',
  replaces: 'team data worker',
  lacks: 'name-or-logo',
  schedules: [{ cron: '15 */6 * * *', kind: 'incremental' }],
  notAskedForMs: 6 * HOUR_MS,
};

export const TEAM_LOGO: TeamLookupFacts = {
  name: 'team-logo',
  replaces: 'team logo worker',
  lacks: 'logo',
  schedules: [{ cron: '45 */12 * * *', kind: 'incremental' }],
  notAskedForMs: 12 * HOUR_MS,
};

/** Asks about single teams that have no name or no logo: the lists leave out what these answers have. */
export class TeamLookup extends SyncJob {
  override readonly needsFeed = false;
  override readonly name: string;
  override readonly replaces: string;
  override readonly schedules: readonly JobSchedule[];

  constructor(
    private readonly facts: TeamLookupFacts,
    private readonly pages: EntityPages,
    private readonly store: EntityStore,
  ) {
    super();
    this.schedules = facts.schedules;
    this.name = facts.name;
    this.replaces = facts.replaces;
  }

  override get after(): readonly string[] {
    return [team.name];
  }

  override async run(run: JobRun): Promise<RunEnd> {
    const { lacks, notAskedForMs } = this.facts;
    const fields = await this.pages.fieldsOf(team);
    if (!fields) return { verdict: 'failed', error: `The table ${team.table} cannot be written` };
    const teams = await this.store.incompleteTeams(lacks, notAskedForMs, TEAMS_PER_RUN);
    const failures: string[] = [];
    for (const id of teams) {
      const error = await this.look(id, fields, run);
      if (error !== null) failures.push(error);
      if (run.signal.aborted || failures.length >= MOST_FAILURES) break;
    }
    const [error] = failures;
    if (error === undefined) return { verdict: 'complete' };
    return { verdict: run.counts.seen > 0 ? 'partial' : 'failed', error };
  }

  /** @returns why there is no answer; null when there is one, whatever it says */
  private async look(id: string, fields: readonly StoredField[], { signal, counts }: JobRun): Promise<string | null> {
    const read = await this.pages.read({ endpoint: ENDPOINT }, { team_id: id }, TIMEOUT_MS, signal);
    if (read.kind === 'failed') return read.error;
    // the answer may hold other teams
    const item = read.kind === 'page' ? read.items.find((one) => one.id === id) : undefined;
    if (item) {
      const row = readItem(item, fields);
      counts.seen += 1;
      if (isRefused(row)) {
        counts.refused += 1;
        this.pages.bury(team, id, row.reason, item, counts.refused);
      } else {
        const page = { entity: team, fields, rows: [row], run: null, requestedAtMs: read.answer.requestedAtMs };
        const stored = await this.pages.save(page, signal);
        counts.added += stored.added;
        counts.changed += stored.changed;
      }
    }
    await this.store.noteAsked([id]);
    return null;
  }
}
