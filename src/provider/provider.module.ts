import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { optionsModule } from '../kernel/options-module.js';
import { Database } from '../postgres/database.js';
import { HttpProviderApi } from './adapters/http/http-provider-api.js';
import { HttpProviderLists } from './adapters/http/http-provider-lists.js';
import { ProviderHttp } from './adapters/http/provider-http.js';
import { PgBudgetStore } from './adapters/pg/pg-budget-store.js';
import { ClockSkew } from './clock-skew.js';
import { LookupRecord } from './lookup-record.js';
import { BudgetStore } from './ports/budget-store.js';
import { ProviderApi } from './ports/provider-api.js';
import { ProviderClock } from './ports/provider-clock.js';
import { ProviderLists } from './ports/provider-lists.js';
import { ProviderReach } from './ports/provider-reach.js';
import { ResolvedProviderOptions, resolveProviderOptions } from './provider.options.js';
import { ProviderBreakers } from './provider-breakers.js';
import { ProviderHealthProbe } from './provider-health-probe.js';
import { ProviderLookups } from './provider-lookups.js';
import { ProviderRequests } from './provider-requests.js';
import { ProviderStatus } from './provider-status.service.js';
import { RequestBudget } from './request-budget.js';
import { SharedBudget } from './shared-budget.js';

/**
 * The module asks the provider's REST API: one budget for every caller of every instance on one database, lists, and
 * answers about single matches through the `UpdateSink`. Without credentials it is disabled and asks nothing; without a
 * database the budget is the process's own.
 */
@Module({
  imports: [ContractsModule],
  providers: [
    ProviderHttp,
    { provide: ProviderApi, useClass: HttpProviderApi },
    { provide: ProviderLists, useClass: HttpProviderLists },
    {
      provide: BudgetStore,
      inject: [{ token: Database, optional: true }],
      useFactory: (database?: Database) => (database ? new PgBudgetStore(database) : undefined),
    },
    ClockSkew,
    { provide: ProviderClock, useExisting: ClockSkew },
    LookupRecord,
    { provide: ProviderReach, useExisting: LookupRecord },
    ProviderBreakers,
    ProviderHealthProbe,
    ProviderLookups,
    ProviderRequests,
    ProviderStatus,
    RequestBudget,
    SharedBudget,
  ],
  exports: [ProviderApi, ProviderClock, ProviderLists, ProviderReach, ProviderStatus],
})
export class ProviderModule extends optionsModule('provider', ResolvedProviderOptions, resolveProviderOptions) {}
