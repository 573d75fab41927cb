import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { optionsModule } from '../kernel/options-module.js';
import { HttpProviderApi } from './adapters/http/http-provider-api.js';
import { ClockSkew } from './clock-skew.js';
import { LookupRecord } from './lookup-record.js';
import { ProviderApi } from './ports/provider-api.js';
import { ProviderClock } from './ports/provider-clock.js';
import { ProviderReach } from './ports/provider-reach.js';
import { ResolvedProviderOptions, resolveProviderOptions } from './provider.options.js';
import { ProviderBreaker } from './provider-breaker.js';
import { ProviderHealthProbe } from './provider-health-probe.js';
import { ProviderLookups } from './provider-lookups.js';
import { ProviderRequests } from './provider-requests.js';
import { ProviderStatus } from './provider-status.service.js';
import { RequestBudget } from './request-budget.js';

/**
 * The provider's REST API: one budget for every caller of the process, and answers about single matches through the
 * `UpdateSink`. Without credentials it is disabled and asks nothing.
 */
@Module({
  imports: [ContractsModule],
  providers: [
    { provide: ProviderApi, useClass: HttpProviderApi },
    ClockSkew,
    { provide: ProviderClock, useExisting: ClockSkew },
    LookupRecord,
    { provide: ProviderReach, useExisting: LookupRecord },
    ProviderBreaker,
    ProviderHealthProbe,
    ProviderLookups,
    ProviderRequests,
    ProviderStatus,
    RequestBudget,
  ],
  exports: [ProviderApi, ProviderClock, ProviderReach, ProviderStatus],
})
export class ProviderModule extends optionsModule('provider', ResolvedProviderOptions, resolveProviderOptions) {}
