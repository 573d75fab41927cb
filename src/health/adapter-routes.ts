import { HttpStatus, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { type AbstractHttpAdapter, ApplicationConfig, HttpAdapterHost } from '@nestjs/core';
import { LogSampler } from '../kernel/log-sampler.js';
import { DuplicateRouteError } from './health.errors.js';
import { type Route, type RouteRequest, Routes } from './routes.js';

/** Anybody may ask as often as he likes. */
const FAULT_LOG_PERIOD_MS = 10_000;

/** Which routes the host wants beside those of health. */
export class RoutesWanted {
  constructor(readonly metrics: boolean) {}
}

/** What is asked of the two frameworks beside Nest's adapter. */
interface Framework {
  /** Express: every route in the order of matching */
  readonly router?: { readonly stack: readonly { readonly route?: ExpressRoute }[] };
  /** Fastify */
  hasRoute?(route: { readonly method: 'GET'; readonly url: string }): boolean;
}

interface ExpressRoute {
  readonly path: unknown;
  readonly methods: Readonly<Record<string, boolean>>;
}

/**
 * The package's routes, as routes of the HTTP adapter itself: no guard, interceptor, filter, version or prefix of the host
 * comes between a deploy script and its answer. Each is there under the global prefix and without it.
 *
 * Express answers with the first route that matches: ours are added before the controllers, while the modules are
 * configured. Fastify prefers an exact path in any order: they are added after them. A route that the host has, too, stops
 * the boot.
 */
@Injectable()
export class AdapterRoutes implements OnModuleInit {
  private readonly logger = new Logger(AdapterRoutes.name);
  private readonly failures = new LogSampler(FAULT_LOG_PERIOD_MS);
  private readonly added: string[] = [];

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: ApplicationConfig,
    private readonly routes: Routes,
    private readonly wanted: RoutesWanted,
  ) {}

  /** Before the host's controllers. */
  addFirst(): void {
    if (this.adapter?.getType() !== 'fastify') this.addAll();
  }

  onModuleInit(): void {
    if (this.adapter?.getType() === 'fastify') this.addAll();
    const twice = this.added.filter((path) => expressRoutes(this.adapter, path) > 1);
    if (twice.length > 0) throw new DuplicateRouteError(twice);
  }

  private get adapter(): AbstractHttpAdapter | undefined {
    return this.host.httpAdapter;
  }

  private addAll(): void {
    const { adapter } = this;
    if (!adapter) return;
    const prefix = this.config.getGlobalPrefix().replace(/^\/+|\/+$/g, '');
    const places = [...new Set(['', prefix && `/${prefix}`])];
    const all = this.routes
      .list(this.wanted)
      .flatMap((route) => places.map((place) => ({ path: `${place}/${route.path}`, route })));
    const twice = all.filter(({ path }) => isTakenOnFastify(adapter, path)).map(({ path }) => path);
    if (twice.length > 0) throw new DuplicateRouteError(twice);
    for (const { path, route } of all) this.add(adapter, path, route);
  }

  private add(adapter: AbstractHttpAdapter, path: string, route: Route): void {
    try {
      adapter.get(path, (request: RouteRequest, response: unknown) => this.answer(adapter, route, request, response));
      this.added.push(path);
    } catch (cause) {
      if (isDuplicateOnFastify(cause)) throw new DuplicateRouteError([path], { cause });
      throw cause;
    }
  }

  private async answer(
    adapter: AbstractHttpAdapter,
    route: Route,
    request: RouteRequest,
    response: unknown,
  ): Promise<void> {
    adapter.setHeader(response, 'cache-control', 'no-store');
    try {
      const { status, body, contentType } = await route.answer(request);
      if (contentType) adapter.setHeader(response, 'content-type', contentType);
      adapter.reply(response, body, status);
    } catch (error) {
      const suppressed = this.failures.admit(route.path, performance.now());
      if (suppressed !== null) {
        const kind = error instanceof Error ? error.name : typeof error;
        this.logger.error('A route could not be answered', { path: route.path, error: kind, suppressed });
      }
      const status = HttpStatus.INTERNAL_SERVER_ERROR;
      adapter.reply(response, { statusCode: status, message: 'Internal server error' }, status);
    }
  }
}

function isTakenOnFastify(adapter: AbstractHttpAdapter, url: string): boolean {
  return adapter.getInstance<Framework>().hasRoute?.({ method: 'GET', url }) ?? false;
}

/** A path with a parameter of another name. */
function isDuplicateOnFastify(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FST_ERR_DUPLICATED_ROUTE';
}

/** How many routes of that path there are, parameters of any name. */
function expressRoutes(adapter: AbstractHttpAdapter | undefined, path: string): number {
  if (adapter?.getType() !== 'express') return 0;
  const stack = adapter.getInstance<Framework>().router?.stack ?? [];
  const routes = stack.filter(({ route }) => route && (route.methods.get || route.methods._all));
  return routes.filter(({ route }) => [route?.path].flat().some((one) => shapeOf(one) === shapeOf(path))).length;
}

function shapeOf(path: unknown): string {
  return String(path).replace(/\/+$/, '').replaceAll(/:\w+/g, ':').toLowerCase();
}
