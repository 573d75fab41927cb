import { Injectable, Logger, Optional } from '@nestjs/common';
import type { FeedFrame, ReadFrame } from '../../contracts/feed-frame.js';
import type { Receipt } from '../../contracts/update-sink.js';
import type { MatchUpdate } from '../../domain/match-update.js';
import type { Outcome } from '../../domain/outcome.js';
import { LEFT_TO_LEGACY, ONLY_COMPARED, SUPERSEDED } from '../../domain/outcomes.js';
import { logFields } from '../../kernel/log-fields.js';
import { OutcomeCounter } from '../../kernel/outcome-counter.js';
import { SampledWarning } from '../../kernel/sampled-warning.js';
import { LegacyPath, type LegacyShare } from '../../legacy-bridge/ports/legacy-path.js';
import { ShadowSink } from '../ports/shadow-sink.js';

/** The updates that do not go the direct way: left to the legacy path, compared in shadow, concluded at once. */
@Injectable()
export class LegacyRoute {
  private readonly logger = new Logger('Rollout');
  private readonly shadowFailures = new SampledWarning(this.logger, 'The comparison of the paths threw');

  constructor(
    private readonly legacy: LegacyPath,
    private readonly fates: OutcomeCounter,
    @Optional() private readonly shadow?: ShadowSink,
  ) {}

  leave(update: MatchUpdate, route: 'legacy' | 'shadow', receipt: Receipt | undefined): void {
    // the legacy path never got anything but fresh frames, and cannot tell an old one
    if (update.source === 'mqtt' && update.delivery === 'push' && !receipt?.waited) {
      this.legacy.add(update, receipt?.frame);
    }
    if (route === 'shadow') this.compare((shadow) => shadow.observe(update));
    this.conclude(update, route === 'shadow' ? ONLY_COMPARED : LEFT_TO_LEGACY, receipt);
  }

  /** A newer update carries on what this one knew. */
  supersede(update: MatchUpdate, receipt: Receipt | undefined): void {
    this.conclude(update, SUPERSEDED, receipt);
  }

  arrived(frame: FeedFrame, read: ReadFrame, share: LegacyShare): void {
    this.legacy.arrived(frame, read, share);
  }

  /** The match is in shadow no more. */
  comparesNoMore(matchId: string): void {
    this.compare((shadow) => shadow.forget(matchId));
  }

  tellAll(): void {
    this.legacy.tellAll();
  }

  private conclude(update: MatchUpdate, outcome: Outcome, receipt: Receipt | undefined): void {
    this.fates.count(outcome);
    try {
      receipt?.concluded(update, outcome);
    } catch (error) {
      this.logger.error('A receipt failed', logFields({ matchId: update.matchId, error }));
    }
  }

  private compare(tell: (shadow: ShadowSink) => void): void {
    if (!this.shadow) return;
    try {
      tell(this.shadow);
    } catch (error) {
      this.shadowFailures.warn({ error: String(error) });
    }
  }
}
