import {
  type CanActivate,
  type ExceptionFilter,
  type NestInterceptor,
  type PipeTransform,
  Scope,
  type Type,
} from '@nestjs/common';
import { type ApplicationConfig, ContextIdFactory, type ModuleRef } from '@nestjs/core';
import { InvalidOptionError } from '../../../kernel/livescore.errors.js';
import type { ResolvedBroadcastOptions } from '../../broadcast.options.js';
import { ENHANCER_METHODS } from '../../enhancers.options.js';
import type { LiveClient } from '../../ports/live-client.js';

/** What runs around a message, each list in the order that Nest runs it in but the filters, which it asks from the end. */
export interface Enhancers {
  readonly guards: readonly CanActivate[];
  readonly pipes: readonly PipeTransform[];
  readonly interceptors: readonly NestInterceptor[];
  readonly filters: readonly ExceptionFilter[];
}

type Kind = keyof Enhancers;
type Token = Parameters<ModuleRef['resolve']>[0];
/** An instance for every message, or the token of one that is made anew for each. */
type Entry = { readonly instance: unknown } | { readonly token: Token };

/** What Nest knows of a provider of the host. */
interface ProviderWrapper {
  readonly token: Token;
}

const KINDS = Object.keys(ENHANCER_METHODS) as Kind[];

/**
 * The enhancers of messages: the global ones of the host, if they are asked for, before those that the options name. A class is the
 * provider of the host, where there is one, else it is made with its dependencies. Request-scoped and transient providers
 * are made anew for every message: the request that they get injected is the client.
 */
export class EnhancerSource {
  private constructor(
    private readonly modules: ModuleRef,
    private readonly entries: Readonly<Record<Kind, readonly Entry[]>>,
  ) {}

  /** @throws InvalidOptionError for a class that cannot be made, or is of another kind */
  static async open(
    modules: ModuleRef,
    config: ApplicationConfig,
    { enhancers, globalEnhancers }: Pick<ResolvedBroadcastOptions, 'enhancers' | 'globalEnhancers'>,
  ): Promise<EnhancerSource> {
    const entries: Record<Kind, readonly Entry[]> = { guards: [], pipes: [], interceptors: [], filters: [] };
    for (const kind of KINDS) {
      const named: Entry[] = [];
      for (const enhancer of enhancers[kind]) named.push(await entryOf(modules, kind, enhancer));
      entries[kind] = [...(globalEnhancers ? globalsOf(config, kind) : []), ...named];
    }
    return new EnhancerSource(modules, entries);
  }

  get isEmpty(): boolean {
    return KINDS.every((kind) => this.entries[kind].length === 0);
  }

  /** Is one of them made anew for every message? */
  get isPerMessage(): boolean {
    return KINDS.some((kind) => this.entries[kind].some((entry) => 'token' in entry));
  }

  /** @param client whose message it is; null: none is made for a message */
  async enhancers(client: LiveClient | null): Promise<Enhancers> {
    const contextId = ContextIdFactory.create();
    if (client) this.modules.registerRequestByContextId(client, contextId);
    const instances = (kind: Kind) =>
      Promise.all(
        this.entries[kind].map((entry) =>
          'token' in entry ? this.modules.resolve(entry.token, contextId, { strict: false }) : entry.instance,
        ),
      );
    const [guards, pipes, interceptors, filters] = await Promise.all(KINDS.map(instances));
    return { guards, pipes, interceptors, filters } as Enhancers;
  }
}

async function entryOf(modules: ModuleRef, kind: Kind, enhancer: unknown): Promise<Entry> {
  if (typeof enhancer !== 'function') return { instance: enhancer };
  const type = enhancer as Type;
  const scope = scopeOf(modules, type);
  if (scope !== null && scope !== Scope.DEFAULT) return { token: type };
  const instance = scope === null ? await made(modules, kind, type) : modules.get(type, { strict: false });
  if (typeof instance?.[ENHANCER_METHODS[kind]] !== 'function') throw unusable(kind, type, 'it has another kind');
  return { instance };
}

async function made(modules: ModuleRef, kind: Kind, type: Type): Promise<Record<string, unknown>> {
  try {
    return await modules.create(type);
  } catch (cause) {
    throw unusable(kind, type, 'it cannot be made; provide it in a module of the host', cause);
  }
}

/** null: no module of the host provides it */
function scopeOf(modules: ModuleRef, type: Type): Scope | null {
  try {
    return modules.introspect(type).scope;
  } catch {
    return null;
  }
}

function unusable(kind: Kind, type: Type, why: string, cause?: unknown): Error {
  const expected = `a list of classes and of objects with a method "${ENHANCER_METHODS[kind]}"`;
  const fault = {
    module: 'BroadcastModule',
    option: `enhancers.${kind}`,
    expected,
    received: `the class ${type.name}: ${why}`,
  };
  return Object.assign(new InvalidOptionError([fault]), { cause });
}

function globalsOf(config: ApplicationConfig, kind: Kind): Entry[] {
  const { shared, scoped } = GLOBALS[kind](config);
  return [...shared.map((instance) => ({ instance })), ...scoped.map(({ token }) => ({ token }))];
}

type Globals = (config: ApplicationConfig) => {
  readonly shared: readonly unknown[];
  readonly scoped: readonly ProviderWrapper[];
};

const GLOBALS: Readonly<Record<Kind, Globals>> = {
  guards: (config) => ({ shared: config.getGlobalGuards(), scoped: config.getGlobalRequestGuards() }),
  pipes: (config) => ({ shared: config.getGlobalPipes(), scoped: config.getGlobalRequestPipes() }),
  interceptors: (config) => ({
    shared: config.getGlobalInterceptors(),
    scoped: config.getGlobalRequestInterceptors(),
  }),
  filters: (config) => ({ shared: config.getGlobalFilters(), scoped: config.getGlobalRequestFilters() }),
};
