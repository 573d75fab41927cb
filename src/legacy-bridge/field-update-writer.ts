import { Injectable, Logger, Optional } from '@nestjs/common';
import { fateOf } from '../contracts/fate-of.js';
import { MatchRouter } from '../contracts/match-router.js';
import { UpdateSink } from '../contracts/update-sink.js';
import { Accounting } from '../kernel/accounting.js';
import { Clock } from '../kernel/clock.js';
import { within } from '../kernel/deadline.js';
import { SampledWarning } from '../kernel/sampled-warning.js';
import { Scheduler } from '../kernel/scheduler.js';
import { type LoadedMatch, MatchLoader } from '../score-writer/ports/match-loader.js';
import { MatchStates } from '../score-writer/ports/match-states.js';
import { toMatchUpdate } from './field-updates.js';
import type { FieldUpdate, UpdateResult } from './ports/legacy-orchestrator.js';
import {
  answerTo,
  answerToNothing,
  argumentProblem,
  internalError,
  moving,
  NOT_FOUND,
  notHere,
  rejected,
  unanswered,
} from './update-answer.js';

const WAIT_MS = 2_000;

/** Writes the fields of one match through the guard, and answers in the words of the platform's orchestrator. */
@Injectable()
export class FieldUpdateWriter {
  private readonly refusals = new SampledWarning(
    new Logger(FieldUpdateWriter.name),
    'Fields that the direct path does not write were given',
  );

  constructor(
    private readonly sink: UpdateSink,
    private readonly states: MatchStates,
    private readonly loader: MatchLoader,
    private readonly accounting: Accounting,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Optional() private readonly router?: MatchRouter,
  ) {}

  /** Answers after the commit, within about 4 s: 2 s for the row and 2 s for the write, then `retry`. */
  async write(matchId: string, updates: readonly FieldUpdate[]): Promise<UpdateResult> {
    const problem = argumentProblem(updates);
    if (problem !== null) return internalError(problem);
    if (!this.states.peek(matchId)) {
      const missing = answerToMissing(await this.loader.load(matchId, WAIT_MS));
      if (missing) return missing;
    }
    // nothing may come between this look and the submit: slots that are not given would go back
    const state = this.states.peek(matchId);
    if (!state) return unanswered();
    if (this.router?.isMoving(matchId)) return moving();
    const mapped = toMatchUpdate(state, updates, this.clock.nowMs());
    if (mapped.refused.size > 0) this.refusals.warn({ matchId, fields: [...mapped.refused.keys()] });
    if (!mapped.update) return answerToNothing(mapped);
    this.accounting.received(1);
    const outcome = await within(fateOf(mapped.update, this.sink), WAIT_MS, this.scheduler);
    return outcome ? answerTo(outcome, mapped) : unanswered();
  }
}

/** null: the match is known */
function answerToMissing(loaded: LoadedMatch): UpdateResult | null {
  switch (loaded) {
    case 'no-row':
      return rejected(NOT_FOUND);
    case 'late':
      return unanswered();
    case 'not-ours':
      return notHere();
    default:
      return null;
  }
}
