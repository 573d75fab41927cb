import {
  type ConfigurableModuleAsyncOptions,
  ConfigurableModuleBuilder,
  type DynamicModule,
  type Type,
} from '@nestjs/common';
import { InvalidOptionError, type OptionFault } from './livescore.errors.js';
import { readOptions } from './options.js';
import { flag, object } from './options-rules.js';

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
      const useFactory = (options?: Options) =>
        together(
          () => resolve(options, given),
          () => checkExtras(definition.module.name, extras, given),
        );
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

/** An extra that is yes or no is nothing else: the text 'false' would be a yes. @throws InvalidOptionError */
function checkExtras(module: string, extras: object, given: object): void {
  const flags = Object.entries(extras).filter(([, value]) => typeof value === 'boolean');
  const rules = Object.fromEntries(flags.map(([name, value]) => [name, flag(value as boolean)]));
  const values = Object.entries(given).filter(([name]) => name in rules);
  readOptions(module, object(rules), Object.fromEntries(values));
}

/** @throws InvalidOptionError with what both find */
function together<Value>(read: () => Value, check: () => void): Value {
  const faults: OptionFault[] = [];
  const collect = <Result>(action: () => Result): Result | undefined => {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof InvalidOptionError)) throw error;
      faults.push(...error.faults);
      return undefined;
    }
  };
  collect(check);
  const value = collect(read);
  if (faults.length > 0) throw new InvalidOptionError(faults);
  return value as Value;
}

/** Beside the factory stand the extras; options stand in its result, and unknown names nowhere. @throws InvalidOptionError */
function refuseOthers(module: string, given: object, known: readonly string[]): void {
  readOptions(module, object(Object.fromEntries(known.map((name) => [name, (value: unknown) => value]))), given);
}
