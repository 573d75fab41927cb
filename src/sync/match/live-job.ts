import { Injectable, Optional } from '@nestjs/common';
import { isLive } from '../../domain/match-status.js';
import type { JobSchedule, RunEnd } from '../../domain/sync/run-facts.js';
import { Accounting } from '../../kernel/accounting.js';
import { BrokerBackpressure, NO_BROKER } from '../../mqtt-ingest/ports/broker-backpressure.js';
import { ProviderApi } from '../../provider/ports/provider-api.js';
import type { JobRun } from '../job-run.js';
import { SyncJob } from '../sync-job.js';
import { LiveLists } from '../watch/live-lists.js';
import { MatchSyncSettings } from './match-sync-settings.js';
import { PulledUpdates } from './pulled-updates.js';
import { failed } from './run-failure.js';
import { UnknownMatches } from './unknown-matches.js';

/**
 * Asks for everything that is live, and hands all of it to the guard, which knows what is older than the feed. Nobody is asked
 * while there is a {@link BrokerBackpressure}: the answer would be newer than frames that are still to come. A recovery of the
 * feed asks on its own: two answers soon after each other are put in order by the guard.
 */
@Injectable()
export class LiveJob extends SyncJob {
  override readonly name = 'live';
  override readonly replaces = 'live matches of match sync, live statistics';
  override readonly schedules: readonly JobSchedule[];
  override readonly needsFeed = true;

  constructor(
    private readonly api: ProviderApi,
    private readonly pulled: PulledUpdates,
    private readonly unknown: UnknownMatches,
    private readonly accounting: Accounting,
    settings: MatchSyncSettings,
    @Optional() private readonly backlog: BrokerBackpressure = NO_BROKER,
    @Optional() private readonly lists?: LiveLists,
  ) {
    super();
    this.schedules = [{ cron: everySeconds(settings.liveEveryS), kind: 'full' }];
  }

  override async run(run: JobRun): Promise<RunEnd> {
    if (!this.backlog.isOver) return { verdict: 'partial', error: 'left out: the broker still holds frames back' };
    try {
      const { updates, rejected } = await this.api.liveMatches(run.signal);
      run.counts.seen += updates.length + rejected;
      run.counts.refused += rejected;
      this.lists?.provider(updates.flatMap(({ matchId, score }) => (score && isLive(score.status) ? [matchId] : [])));
      this.accounting.received(rejected);
      if (rejected > 0) this.accounting.concluded('malformed', rejected);
      const { applied, unknown } = await this.pulled.submit(updates, run.signal);
      run.counts.changed += applied;
      for (const matchId of unknown) this.unknown.note(matchId);
      return { verdict: 'complete' };
    } catch (error) {
      return failed(error, run);
    }
  }
}

function everySeconds(seconds: number): string {
  return seconds >= 60 ? '* * * * *' : `*/${seconds} * * * * *`;
}
