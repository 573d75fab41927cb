import { Injectable, Logger } from '@nestjs/common';
import { within } from '../../kernel/deadline.js';
import { logFields } from '../../kernel/log-fields.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { LegacyPath } from '../../legacy-bridge/ports/legacy-path.js';
import { MatchStates } from '../../score-writer/ports/match-states.js';
import { ResolvedRolloutOptions } from '../rollout.options.js';
import type { MatchPath } from './match-paths.js';

/** A release keeps to its time by itself; nothing is held for longer whatever becomes of it. */
const RELEASE_GRACE_MS = 500;

/** How a match leaves its path: the path writes what it has of it, for `moveTimeoutMs` at most. */
@Injectable()
export class PathExits {
  private readonly logger = new Logger('Rollout');

  constructor(
    private readonly options: ResolvedRolloutOptions,
    private readonly states: MatchStates,
    private readonly legacy: LegacyPath,
    private readonly scheduler: Scheduler,
  ) {}

  /** The matches that the direct path's writer knows. */
  heldByWriter(): Iterable<string> {
    return this.states.held();
  }

  /** Never rejects. @returns whether the path has written everything */
  async finish({ matchId, route }: MatchPath): Promise<boolean> {
    const { moveTimeoutMs } = this.options;
    try {
      if (route !== 'direct') return await this.legacy.written(matchId);
      const released = this.states.release(matchId, moveTimeoutMs);
      return (await within(released, moveTimeoutMs + RELEASE_GRACE_MS, this.scheduler)) ?? false;
    } catch (error) {
      this.logger.error('A match left its path unfinished', logFields({ matchId, route, error }));
      return false;
    }
  }
}
