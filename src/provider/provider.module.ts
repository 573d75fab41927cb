import { ConfigurableModuleBuilder, type DynamicModule, Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { HttpProviderApi } from './adapters/http/http-provider-api.js';
import { ProviderApi } from './ports/provider-api.js';
import { type ProviderOptions, resolveProviderOptions } from './provider.options.js';
import { RESOLVED_PROVIDER_OPTIONS } from './provider.tokens.js';
import { ProviderBreaker } from './provider-breaker.js';
import { ProviderLookups } from './provider-lookups.js';
import { ProviderRequests } from './provider-requests.js';
import { ProviderStatus } from './provider-status.service.js';
import { RequestBudget } from './request-budget.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE } = new ConfigurableModuleBuilder<ProviderOptions>({
  optionsInjectionToken: Symbol.for('@goalgpt/livescore/provider/options'),
})
  .setClassMethodName('forRoot')
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();

/**
 * The provider's REST API: one budget for every caller of the process, and answers about single matches through the
 * `UpdateSink`. Without credentials it is disabled and asks nothing.
 */
@Module({
  imports: [ContractsModule],
  providers: [
    { provide: RESOLVED_PROVIDER_OPTIONS, useFactory: resolveProviderOptions, inject: [MODULE_OPTIONS_TOKEN] },
    { provide: ProviderApi, useClass: HttpProviderApi },
    ProviderBreaker,
    ProviderLookups,
    ProviderRequests,
    ProviderStatus,
    RequestBudget,
  ],
  exports: [ProviderApi, ProviderStatus],
})
export class ProviderModule extends ConfigurableModuleClass {
  /** @throws InvalidOptionError at bootstrap, when an option is wrong */
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot(options), module: ProviderModule };
  }
}
