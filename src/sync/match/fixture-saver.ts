import { Injectable, Logger } from '@nestjs/common';
import { pause } from '../../kernel/deadline.js';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { isPermanent, sqlState } from '../../postgres/sql-state.js';
import type { JobRun } from '../job-run.js';
import { type Fixture, FixtureStore, type StoredFixture, type StoredFixtureField } from '../ports/fixture-store.js';
import { FIXTURE_FIELDS } from './fixture-fields.js';

/** Somebody holds a row: so often it is tried again. */
const TRIES = 3;
const TRY_AFTER_MS = 200;
/** A page may be as old as this: a deletion that was noticed later still holds. */
const PAGE_AGE_MS = 600_000;

/** Saves fixtures, and tries those again whose row somebody holds. One that the database will never take costs no other. */
@Injectable()
export class FixtureSaver {
  private readonly logger = new Logger(FixtureSaver.name);
  private readonly refusals = new SampledWarning(this.logger, 'The database refuses a match of a list');
  private saidLeftOut = '';

  constructor(
    private readonly store: FixtureStore,
    private readonly scheduler: Scheduler,
  ) {}

  /** What the table takes; said once what it does not. @throws the driver's error */
  async fields(): Promise<readonly StoredFixtureField[]> {
    const { fields, leftOut } = await this.store.columns(FIXTURE_FIELDS);
    const said = leftOut.join(', ');
    if (said !== this.saidLeftOut) {
      this.saidLeftOut = said;
      if (said) this.logger.warn('Fields of matches that the table ts_matches cannot take are left out', { leftOut });
    }
    return fields;
  }

  /** @returns without those that were refused. @throws the driver's error, or the reason of the run's signal */
  async save(
    fields: readonly StoredFixtureField[],
    fixtures: readonly Fixture[],
    run: JobRun,
  ): Promise<readonly StoredFixture[]> {
    const done: StoredFixture[] = [];
    let left = fixtures;
    for (let tries = 1; ; tries++) {
      const stored = await this.attempt(fields, left, run);
      const busy = new Set(stored.flatMap(({ fate, matchId }) => (fate === 'busy' ? [matchId] : [])));
      done.push(...stored.filter(({ matchId }) => tries === TRIES || !busy.has(matchId)));
      left = left.filter(({ matchId }) => busy.has(matchId));
      if (tries === TRIES || left.length === 0) break;
      await pause(TRY_AFTER_MS, this.scheduler, run.signal);
    }
    run.counts.added += done.filter(({ fate }) => fate === 'added').length;
    run.counts.changed += done.filter(({ fate }) => fate === 'changed').length;
    return done;
  }

  /** What cannot be stored is halved until the one is found that is at fault. */
  private async attempt(
    fields: readonly StoredFixtureField[],
    fixtures: readonly Fixture[],
    run: JobRun,
  ): Promise<readonly StoredFixture[]> {
    try {
      return await this.store.save(fields, fixtures, run.startedAtMs - PAGE_AGE_MS);
    } catch (error) {
      if (!isPermanent(error)) throw error;
      if (fixtures.length === 1) {
        run.counts.refused += 1;
        this.refusals.warn({ job: run.job, id: fixtures[0]?.matchId, code: sqlState(error) });
        return [];
      }
      const half = Math.ceil(fixtures.length / 2);
      const first = await this.attempt(fields, fixtures.slice(0, half), run);
      return [...first, ...(await this.attempt(fields, fixtures.slice(half), run))];
    }
  }
}
