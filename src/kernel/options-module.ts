import {
  type ConfigurableModuleAsyncOptions,
  ConfigurableModuleBuilder,
  type DynamicModule,
  type Type,
} from '@nestjs/common';
import { readOptions } from './options.js';
import { object } from './options-rules.js';

const BESIDE_FACTORY = ['imports', 'inject', 'useFactory', 'useClass', 'useExisting', 'provideInjectionTokensFrom'];

/** A module of a feature: global, with `forRoot()` and `forRootAsync()`. */
export interface OptionsModule<Options, Extras> {
  new (): object;
  /** A bad option stops the application at boot with an `InvalidOptionError`, in either form. */
  forRoot(options?: Options & Partial<Extras>): DynamicModule;
  forRootAsync(options: ConfigurableModuleAsyncOptions<Options> & Partial<Extras>): DynamicModule;
}

/**
 * Makes the base of a feature's module. It provides the resolved options under their class.
 * @param extras what changes the module graph, with defaults; `complete` adds it to the definition
 */
export function optionsModule<Options extends object, Resolved, Extras extends object = Record<never, never>>(
  feature: string,
  token: Type<Resolved>,
  resolve: (options: Options | undefined, extras: Extras) => Resolved,
  extras: Extras = {} as Extras,
  complete: (definition: DynamicModule, extras: Extras) => DynamicModule = (definition) => definition,
): OptionsModule<Options, Extras> {
  const optionsInjectionToken = Symbol.for(`@goalgpt/livescore/${feature}/options`);
  const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<Options>({ optionsInjectionToken })
    .setClassMethodName('forRoot')
    .setExtras(extras, (definition, given) => {
      const useFactory = (options?: Options) => resolve(options, given);
      const resolved = { provide: token, inject: [optionsInjectionToken], useFactory };
      return complete({ ...definition, global: true, providers: [...(definition.providers ?? []), resolved] }, given);
    })
    .build();
  return class extends (ConfigurableModuleClass as OptionsModule<Options, Extras>) {
    static override forRoot(options?: Options & Partial<Extras>): DynamicModule {
      // biome-ignore lint/complexity/noThisInStatic: the builder describes the class it is called on: the feature's
      return super.forRoot(options ?? ({} as Options));
    }

    static override forRootAsync(options: ConfigurableModuleAsyncOptions<Options> & Partial<Extras>): DynamicModule {
      // biome-ignore lint/complexity/noThisInStatic: as above
      const definition = super.forRootAsync(options);
      refuseOthers(definition.module.name, options, [...BESIDE_FACTORY, ...Object.keys(extras)]);
      return definition;
    }
  };
}

/** Beside the factory stand the extras; options stand in its result, and unknown names nowhere. @throws InvalidOptionError */
function refuseOthers(module: string, given: object, known: readonly string[]): void {
  readOptions(module, object(Object.fromEntries(known.map((name) => [name, (value: unknown) => value]))), given);
}
