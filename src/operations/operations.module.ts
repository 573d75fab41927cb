import { Controller, Module, type Type } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { optionsModule } from '../kernel/options-module.js';
import { ReadDatabase } from '../postgres/database.js';
import { AntiForgery } from './access/anti-forgery.js';
import { OperationsGuard } from './access/operations-guard.js';
import { Sessions } from './access/sessions.js';
import { SignInAttempts } from './access/sign-in-attempts.js';
import { ActionDesk } from './actions/action-desk.js';
import { LiveReads } from './adapters/pg/live-reads.js';
import { MatchNames } from './adapters/pg/match-names.js';
import { FactsAnswer } from './facts-answer.js';
import { HostFacts } from './host-facts.js';
import { ActionsController } from './http/actions.controller.js';
import { Answering } from './http/answering.js';
import { OperationsController } from './http/operations.controller.js';
import { PageReply } from './http/page-reply.js';
import { SignInController } from './http/sign-in.controller.js';
import { LetterAnswers } from './letter-answers.js';
import { MatchAnswers } from './match-answers.js';
import { type OperationsOptions, ResolvedOperationsOptions, resolveOperationsOptions } from './operations.options.js';
import { Counters } from './recorded/counters.js';
import { RecordedFacts } from './recorded/recorded-facts.js';
import { Recorder } from './recorded/recorder.js';
import { ToldScores } from './recorded/told-scores.js';
import { PathReadings } from './stored/readings.js';
import { SideReadings } from './stored/side-readings.js';
import { StoredFactsReader } from './stored/stored-facts.js';

/** Where the controllers of one application are: known when its options are, before Nest adds their routes. */
abstract class OperationsPlace {}

/**
 * The module serves the operations page: ordinary routes of the host at `/livescore`, under its global prefix and versions, behind
 * its guards and the one of the options. Without a guard or a secret each of them answers 404. Needs `HealthModule`; shows and
 * changes what the other modules of the host know.
 */
@Module({
  imports: [ContractsModule],
  providers: [
    Sessions,
    SignInAttempts,
    OperationsGuard,
    AntiForgery,
    PageReply,
    Answering,
    ToldScores,
    Counters,
    Recorder,
    MatchNames,
    {
      provide: LiveReads,
      inject: [{ token: ReadDatabase, optional: true }, MatchNames],
      useFactory: (database: ReadDatabase | undefined, names: MatchNames) => database && new LiveReads(database, names),
    },
    PathReadings,
    SideReadings,
    StoredFactsReader,
    HostFacts,
    RecordedFacts,
    ActionDesk,
    FactsAnswer,
    MatchAnswers,
    LetterAnswers,
  ],
})
export class OperationsModule extends optionsModule(
  'operations',
  ResolvedOperationsOptions,
  (options?: OperationsOptions) => resolveOperationsOptions(options),
  {},
  (definition) => {
    const controllers = [OperationsController, SignInController, ActionsController].map(ofOneApplication);
    const place = {
      provide: OperationsPlace,
      inject: [ResolvedOperationsOptions],
      useFactory: ({ path }: ResolvedOperationsOptions) => {
        for (const controller of controllers) Controller(path)(controller);
        return controllers;
      },
    };
    return { ...definition, controllers, providers: [...(definition.providers ?? []), place] };
  },
) {}

/** Two applications in one process may have their pages in different places: each has classes of its own. */
function ofOneApplication(controller: Type<object>): Type<object> {
  const own = class extends controller {};
  Object.defineProperty(own, 'name', { value: controller.name });
  Controller()(own);
  return own;
}
