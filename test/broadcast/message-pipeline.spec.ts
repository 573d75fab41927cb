import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  type ArgumentsHost,
  BadRequestException,
  type CallHandler,
  type CanActivate,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  HttpException,
  type INestApplication,
  Inject,
  Injectable,
  Logger,
  Module,
  type NestInterceptor,
  type PipeTransform,
  type Provider,
  Scope,
  UnauthorizedException,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, NestFactory, REQUEST } from '@nestjs/core';
import { WsException } from '@nestjs/websockets';
import { catchError, concat, EMPTY, finalize, NEVER, type Observable, of, throwError } from 'rxjs';
import { NestMessagePipeline } from '../../src/broadcast/adapters/nest/nest-message-pipeline.js';
import {
  type BroadcastOptions,
  ResolvedBroadcastOptions,
  resolveBroadcastOptions,
} from '../../src/broadcast/broadcast.options.js';
import { ANONYMOUS } from '../../src/broadcast/ports/client-authenticator.js';
import type { LiveClient } from '../../src/broadcast/ports/live-client.js';
import type { ClientMessage, SubscribeMessage } from '../../src/broadcast/ports/match-frames.js';
import { MessagePipeline, MessageRefused } from '../../src/broadcast/ports/message-pipeline.js';
import { Scheduler } from '../../src/kernel/scheduler.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { VirtualScheduler, VirtualTime } from '../support/virtual-scheduler.js';

guardAgainstLeaks();

const CLIENT: LiveClient = {
  id: 'c1',
  identity: ANONYMOUS,
  facts: { headers: { 'x-tenant': 'a' }, url: '/ws', address: null },
};
const subscribe = (id = '1'): SubscribeMessage => ({ type: 'SUBSCRIBE', matches: ['m1'], id });
const ids = (handled: readonly ClientMessage[]) => handled.map((message) => ('id' in message ? message.id : undefined));

interface Started {
  readonly pipeline: MessagePipeline;
  readonly time: VirtualTime;
  readonly app: INestApplication;
  readonly handled: ClientMessage[];
  /** 'handled', or code and text of the refusal */
  send(message?: ClientMessage, client?: LiveClient): Promise<string>;
}

let app: INestApplication | undefined;

async function start(
  options: BroadcastOptions = {},
  providers: Provider[] = [],
  prepare: (app: INestApplication) => void = () => {},
): Promise<Started> {
  const time = new VirtualTime();
  @Module({
    providers: [
      { provide: ResolvedBroadcastOptions, useValue: resolveBroadcastOptions(options) },
      { provide: Scheduler, useValue: new VirtualScheduler(time) },
      { provide: MessagePipeline, useClass: NestMessagePipeline },
      ...providers,
    ],
  })
  class HostModule {}
  const started = await NestFactory.create(HostModule, { logger: false, abortOnError: false });
  app = started;
  prepare(started);
  await started.init();
  const pipeline = started.get(MessagePipeline);
  const handled: ClientMessage[] = [];
  const send = async (message: ClientMessage = subscribe(), client = CLIENT): Promise<string> => {
    try {
      await pipeline.run(client, message, (passed) => handled.push(passed));
      return 'handled';
    } catch (error) {
      if (!(error instanceof MessageRefused)) throw error;
      return `${error.code}: ${error.message}`;
    }
  };
  return { pipeline, time, app: started, handled, send };
}

const guard = (canActivate: (context: ExecutionContext) => unknown): CanActivate =>
  ({ canActivate }) as unknown as CanActivate;
const interceptor = (
  intercept: (context: ExecutionContext, next: CallHandler) => Observable<unknown> | Promise<Observable<unknown>>,
): NestInterceptor => ({ intercept });
const throwing = (error: unknown) =>
  guard(() => {
    throw error;
  });
const warnings = () => jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);

/** What most hosts have: it knows of HTTP only. */
@Injectable()
class HttpOnlyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<{ headers: Record<string, string> }>().headers['x-tenant'] === 'a';
  }
}

@Injectable()
class TypeGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.getType() === 'http';
  }
}

@Injectable()
class Tenants {
  readonly known = new Set(['a']);
}

@Injectable()
class TenantGuard implements CanActivate {
  constructor(readonly tenants: Tenants) {}

  canActivate(context: ExecutionContext): boolean {
    const { facts } = context.switchToWs().getClient<LiveClient>();
    return this.tenants.known.has(String(facts.headers['x-tenant']));
  }
}

/** Made anew for every message. */
@Injectable({ scope: Scope.REQUEST })
class RequestGuard implements CanActivate {
  static made = 0;

  constructor(@Inject(REQUEST) private readonly client: LiveClient) {
    RequestGuard.made += 1;
  }

  canActivate(context: ExecutionContext): boolean {
    if (this.client !== context.switchToWs().getClient()) throw new Error('the guard of another client');
    return this.client.facts.headers['x-tenant'] === 'a';
  }
}

@Catch(WsException)
class QuietFilter implements ExceptionFilter {
  catch(exception: WsException, host: ArgumentsHost): { code: string; message: string } {
    const { id } = host.switchToWs().getData<SubscribeMessage>();
    return { code: 'UNAVAILABLE', message: `${exception.message} (${id}, ${host.switchToWs().getPattern()})` };
  }
}

afterEach(async () => {
  await app?.close();
  app = undefined;
  jest.restoreAllMocks();
});

describe('the pipeline without enhancers', () => {
  it('calls the handler with the message itself', async () => {
    const { send, handled } = await start();
    const message = subscribe();
    expect(await send(message)).toBe('handled');
    expect(handled[0]).toBe(message);
  });

  it('lets a refusal of the handler through, and tells nothing of what else it throws', async () => {
    const { pipeline } = await start();
    const refusal = new MessageRefused('TOO_MANY_SUBSCRIPTIONS', 'at most 500');
    const failing = (error: Error) => () => {
      throw error;
    };
    await expect(pipeline.run(CLIENT, subscribe(), failing(refusal))).rejects.toBe(refusal);
    await expect(pipeline.run(CLIENT, subscribe(), failing(new Error('secret')))).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'The message could not be handled',
    });
  });
});

describe('guards', () => {
  it('see client, message, type, class and method in a context of type ws', async () => {
    const seen: unknown[] = [];
    const { send } = await start({
      enhancers: {
        guards: [
          guard((context) => {
            const ws = context.switchToWs();
            seen.push(context.getType(), ws.getClient(), ws.getData(), ws.getPattern());
            seen.push(context.getClass().name, context.getHandler().name, context.getArgs().length);
            return true;
          }),
        ],
      },
    });
    const message = subscribe();
    expect(await send(message)).toBe('handled');
    expect(seen).toEqual(['ws', CLIENT, message, 'SUBSCRIBE', 'LiveMessages', 'onMessage', 3]);
    expect(seen[2]).toBe(message);
  });

  it.each<[string, unknown]>([
    ['false', false],
    ['a promise of false', Promise.resolve(false)],
    ['a stream of false', of(true, false)],
    ['nothing', undefined],
  ])('refuse by %s', async (_name, answer) => {
    const { send, handled } = await start({ enhancers: { guards: [guard(() => answer)] } });
    expect(await send()).toBe('FORBIDDEN: Forbidden resource');
    expect(handled).toEqual([]);
  });

  it.each<[unknown, string]>([
    [new WsException('not now'), 'REFUSED: not now'],
    [new WsException('Forbidden resource'), 'FORBIDDEN: Forbidden resource'],
    [new WsException({ code: 'TOKEN_EXPIRED', message: 'log in' }), 'TOKEN_EXPIRED: log in'],
    [new WsException({ code: 'E_OTHER', message: 'text' }), 'REFUSED: text'],
    [new WsException({ code: 'toString', message: 'text' }), 'REFUSED: text'],
    [new WsException('x'.repeat(300)), `REFUSED: ${'x'.repeat(199)}…`],
    [new UnauthorizedException('who?'), 'UNAUTHORIZED: who?'],
    [new BadRequestException(['a must be b', 'c must be d']), 'BAD_MESSAGE: a must be b; c must be d'],
    [new HttpException('slow down', 429), 'REFUSED: slow down'],
    [new HttpException('later', 503), 'UNAVAILABLE: later'],
    [new HttpException('secret', 500), 'INTERNAL: The message could not be handled'],
    [new Error('secret'), 'INTERNAL: The message could not be handled'],
    ['secret', 'INTERNAL: The message could not be handled'],
  ])('refuse by exceptions (%#)', async (error, answer) => {
    const { send, handled } = await start({ enhancers: { guards: [throwing(error)] } });
    expect(await send()).toBe(answer);
    expect(handled).toEqual([]);
  });

  it('are made with their dependencies, or are the ones of the host', async () => {
    const own = await start({ enhancers: { guards: [TenantGuard] } }, [Tenants]);
    expect(await own.send()).toBe('handled');
    own.app.get(Tenants).known.clear();
    expect(await own.send()).toBe('FORBIDDEN: Forbidden resource');
    await own.app.close();

    const hosts = await start({ enhancers: { guards: [TenantGuard] } }, [Tenants, TenantGuard]);
    const asked = jest.spyOn(hosts.app.get(TenantGuard), 'canActivate');
    expect(await hosts.send()).toBe('handled');
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('stop the boot when they cannot be made, or are none', async () => {
    const refused = 'BroadcastModule: option "enhancers.guards" must be';
    await expect(start({ enhancers: { guards: [TenantGuard] } })).rejects.toThrow(refused);
    await app?.close();
    await expect(start({ enhancers: { guards: [Tenants] } })).rejects.toThrow(/the class Tenants: it has another kind/);
  });

  it('are made for every message where the host made them request-scoped, and get the client for a request', async () => {
    RequestGuard.made = 0;
    const { send } = await start({ enhancers: { guards: [RequestGuard] } }, [RequestGuard]);
    const stranger = { ...CLIENT, facts: { ...CLIENT.facts, headers: {} } };
    expect(await Promise.all([send(), send(subscribe('2'), stranger), send()])).toEqual([
      'handled',
      'FORBIDDEN: Forbidden resource',
      'handled',
    ]);
    expect(RequestGuard.made).toBe(3);
  });
});

describe('pipes', () => {
  it('get the message as the body, and what they return is handled', async () => {
    const seen: unknown[] = [];
    const pipe: PipeTransform = {
      transform: (value: SubscribeMessage, metadata) => {
        seen.push(value, metadata.type, metadata.data);
        return { ...value, matches: ['m2'] };
      },
    };
    const { send, handled } = await start({ enhancers: { pipes: [pipe, pipe] } });
    const message = subscribe();
    expect(await send(message)).toBe('handled');
    expect(seen.slice(0, 3)).toEqual([message, 'body', undefined]);
    expect(seen).toHaveLength(6);
    expect(handled).toEqual([{ ...message, matches: ['m2'] }]);
  });

  it('refuse as a ValidationPipe does', async () => {
    const pipe: PipeTransform = {
      transform: () => Promise.reject(new BadRequestException([`${'m'.repeat(190)} must be shorter`])),
    };
    const { send, handled } = await start({ enhancers: { pipes: [pipe] } });
    expect(await send()).toBe(`BAD_MESSAGE: ${'m'.repeat(190)} must be …`);
    expect(handled).toEqual([]);
  });
});

describe('interceptors', () => {
  it('wrap the handler, each in the one before', async () => {
    const order: string[] = [];
    const named = (name: string) =>
      interceptor((_context, next) => {
        order.push(`before ${name}`);
        return next.handle().pipe(finalize(() => order.push(`after ${name}`)));
      });
    const { pipeline } = await start({ enhancers: { interceptors: [named('a'), named('b')] } });
    await pipeline.run(CLIENT, subscribe(), () => order.push('handler'));
    expect(order).toEqual(['before a', 'before b', 'handler', 'after b', 'after a']);
  });

  it.each<[string, (next: CallHandler) => Observable<unknown>, string, number]>([
    ['nothing behind the handler', (next) => concat(next.handle(), EMPTY), 'handled', 1],
    ['several values', (next) => concat(next.handle(), of(1, 2, 3)), 'handled', 1],
    ['nothing, and asks no handler', () => EMPTY, 'REFUSED: The message was refused', 0],
    ['a value, and asks no handler', () => of('cached'), 'REFUSED: The message was refused', 0],
    ['an exception', () => throwError(() => new WsException('no')), 'REFUSED: no', 0],
  ])('may answer by a stream of %s', async (_name, answer, told, times) => {
    const enhancers = { interceptors: [interceptor((_context, next) => answer(next))] };
    const { send, handled } = await start({ enhancers });
    expect(await send()).toBe(told);
    expect(handled).toHaveLength(times);
  });

  it('may be without an end for ten seconds: then nobody listens to them any longer', async () => {
    let ended = 0;
    const endless = interceptor((_context, next) =>
      concat(next.handle(), NEVER).pipe(
        finalize(() => {
          ended += 1;
        }),
      ),
    );
    const { send, time, handled } = await start({ enhancers: { interceptors: [endless] } });
    const answer = send();
    await time.advance(9_999);
    expect(handled).toHaveLength(1);
    expect(ended).toBe(0);
    await time.advance(1);
    expect(await answer).toBe('UNAVAILABLE: The message was not handled in time');
    expect(ended).toBe(1);
    expect(time.waiting).toBe(0);
  });

  it('see what the handler throws, and may make a success of it', async () => {
    const refusal = new MessageRefused('UNAVAILABLE', 'later');
    const failing = () => Promise.reject(refusal);
    const healing = interceptor((_context, next) => next.handle().pipe(catchError((error) => of(error))));
    const passing = interceptor((_context, next) => next.handle());
    const healed = await start({ enhancers: { interceptors: [healing] } });
    await expect(healed.pipeline.run(CLIENT, subscribe(), failing)).resolves.toBeUndefined();
    await healed.app.close();
    const passed = await start({ enhancers: { interceptors: [passing] } });
    await expect(passed.pipeline.run(CLIENT, subscribe(), failing)).rejects.toBe(refusal);
  });
});

describe('a message that nobody waits for any longer', () => {
  it('never reaches its handler', async () => {
    let letIn: (value: boolean) => void = () => {};
    const slow = guard(() => new Promise((resolve) => (letIn = resolve)));
    const { send, time, handled } = await start({ enhancers: { guards: [slow] } });
    const answer = send();
    await time.advance(10_000);
    expect(await answer).toBe('UNAVAILABLE: The message was not handled in time');
    letIn(true);
    await time.advance(0);
    expect(handled).toEqual([]);
  });

  it('is refused when the application ends', async () => {
    const { send, time, app: ending } = await start({ enhancers: { guards: [guard(() => new Promise(() => {}))] } });
    const answer = send();
    await time.advance(0);
    await ending.close();
    expect(await answer).toBe('UNAVAILABLE: The server is going away');
    expect(time.waiting).toBe(0);
  });
});

describe('filters', () => {
  const refusing = throwing(new WsException('not now'));
  const filter = (answer: (exception: unknown) => unknown): ExceptionFilter => ({ catch: answer });

  it('answer for the exceptions that they catch, with the message at hand', async () => {
    const { send } = await start({ enhancers: { guards: [refusing], filters: [QuietFilter] } });
    expect(await send(subscribe('7'))).toBe('UNAVAILABLE: not now (7, SUBSCRIBE)');
  });

  it('leave others alone', async () => {
    const guards = [throwing(new UnauthorizedException('who?'))];
    const { send } = await start({ enhancers: { guards, filters: [QuietFilter] } });
    expect(await send()).toBe('UNAUTHORIZED: who?');
  });

  it.each<[string, (exception: unknown) => unknown, string]>([
    ['a text', () => 'come back', 'REFUSED: come back'],
    ['an exception', () => new UnauthorizedException('who?'), 'UNAUTHORIZED: who?'],
    ['a stream', () => of('first', 'last'), 'REFUSED: last'],
    ['a stream that fails', () => throwError(() => new WsException('by stream')), 'REFUSED: by stream'],
    ['a promise', async () => ({ code: 'FORBIDDEN', message: 'no' }), 'FORBIDDEN: no'],
    ['nothing', () => undefined, 'REFUSED: not now'],
    ['a promise of nothing', async () => undefined, 'REFUSED: not now'],
    ['something else', () => 42, 'REFUSED: not now'],
    [
      'throwing another one',
      () => {
        throw new WsException({ code: 'UNAVAILABLE', message: 'thrown' });
      },
      'UNAVAILABLE: thrown',
    ],
  ])('may answer by %s', async (_name, answer, told) => {
    const { send } = await start({ enhancers: { guards: [refusing], filters: [filter(answer)] } });
    expect(await send()).toBe(told);
  });

  it('are asked from the last one', async () => {
    const filters = [filter(() => 'first'), filter(() => 'last')];
    const { send } = await start({ enhancers: { guards: [refusing], filters } });
    expect(await send()).toBe('REFUSED: last');
  });
});

describe('global enhancers of the host', () => {
  const seen: string[] = [];
  const note = (name: string) => ({
    canActivate: (context: ExecutionContext) => Boolean(seen.push(`guard ${name} ${context.getType()}`)),
    transform: (value: unknown) => {
      seen.push(`pipe ${name}`);
      return value;
    },
    intercept: (_context: ExecutionContext, next: CallHandler) => {
      seen.push(`interceptor ${name}`);
      return next.handle();
    },
    catch: (exception: unknown) => {
      seen.push(`filter ${name}`);
      return exception;
    },
  });
  const providers = [APP_GUARD, APP_PIPE, APP_INTERCEPTOR, APP_FILTER].map((provide) => ({
    provide,
    useValue: note('provided'),
  }));
  const used = (host: INestApplication) => {
    host.useGlobalGuards(note('used'));
    host.useGlobalPipes(note('used'));
    host.useGlobalInterceptors(note('used'));
    host.useGlobalFilters(note('used'));
  };

  it('do not run without the option: those that know HTTP only refuse nothing', async () => {
    seen.length = 0;
    const httpOnly = [HttpOnlyGuard, TypeGuard].map((useClass) => ({ provide: APP_GUARD, useClass }));
    const scoped = { provide: APP_GUARD, useClass: RequestGuard, scope: Scope.REQUEST };
    const own = { guards: [guard(() => true)] };
    for (const enhancers of [{}, own]) {
      const { send, app: host } = await start({ enhancers }, [...providers, ...httpOnly, scoped], used);
      expect(await send()).toBe('handled');
      await host.close();
    }
    expect(seen).toEqual([]);
  });

  it('run with the option, before those that are named', async () => {
    seen.length = 0;
    const named = note('named');
    const enhancers = { guards: [named], pipes: [named], interceptors: [named], filters: [named] };
    const { send, handled } = await start({ enhancers, globalEnhancers: true }, providers, used);
    expect(await send()).toBe('handled');
    expect(ids(handled)).toEqual(['1']);
    const names = ['provided', 'used', 'named'];
    expect([...seen].sort()).toEqual(
      [
        ...names.map((name) => `guard ${name} ws`),
        ...names.map((name) => `interceptor ${name}`),
        ...names.map((name) => `pipe ${name}`),
      ].sort(),
    );
    expect(seen.indexOf('guard named ws')).toBe(2);
    expect(seen.indexOf('interceptor named')).toBe(5);
    expect(seen.indexOf('pipe named')).toBe(8);
  });

  it('refuse with the option what they do not know', async () => {
    const { send, handled } = await start({ globalEnhancers: true }, [{ provide: APP_GUARD, useClass: TypeGuard }]);
    expect(await send()).toBe('FORBIDDEN: Forbidden resource');
    expect(handled).toEqual([]);
  });

  it('are asked as filters after those that are named', async () => {
    seen.length = 0;
    const enhancers = { guards: [throwing(new WsException('no'))], filters: [QuietFilter] };
    const { send, app: host } = await start({ enhancers, globalEnhancers: true }, providers, used);
    expect(await send()).toBe('UNAVAILABLE: no (1, SUBSCRIBE)');
    expect(seen.filter((entry) => entry.startsWith('filter'))).toEqual([]);
    await host.close();
    const others = await start(
      { ...{ enhancers: { guards: enhancers.guards } }, globalEnhancers: true },
      providers,
      used,
    );
    expect(await others.send()).toBe('REFUSED: no');
    expect(seen.filter((entry) => entry.startsWith('filter'))).toHaveLength(1);
  });

  it('run request-scoped, too, made anew for every message', async () => {
    RequestGuard.made = 0;
    const scoped = { provide: APP_GUARD, useClass: RequestGuard, scope: Scope.REQUEST };
    const { send } = await start({ globalEnhancers: true }, [scoped]);
    const stranger = { ...CLIENT, facts: { ...CLIENT.facts, headers: {} } };
    expect(await Promise.all([send(), send(subscribe('2'), stranger)])).toEqual([
      'handled',
      'FORBIDDEN: Forbidden resource',
    ]);
    expect(RequestGuard.made).toBe(2);
  });
});

describe('the log', () => {
  it('has samples of what failed, without the message and without its text', async () => {
    const warned = warnings();
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const echoing = guard((context) => {
      throw new Error(`cannot read ${JSON.stringify(context.switchToWs().getData())}`);
    });
    const { send } = await start({ enhancers: { guards: [echoing] } });
    const message = { ...subscribe(), matches: ['sent-by-client'] };
    for (let times = 0; times < 3; times += 1) await send(message);
    expect(logged).not.toHaveBeenCalled();
    expect(warned).toHaveBeenCalledTimes(1);
    expect(warned).toHaveBeenCalledWith('A message of a WebSocket client failed', {
      type: 'SUBSCRIBE',
      error: 'Error',
      stack: expect.any(Array),
      suppressed: 0,
    });
    expect(JSON.stringify(warned.mock.calls)).not.toContain('sent-by-client');
  });

  it('has nothing of refusals, with or without filters', async () => {
    const warned = warnings();
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const guards = [throwing(new WsException('not now'))];
    for (const filters of [[], [{ catch: () => undefined }]]) {
      const { send, app: host } = await start({ enhancers: { guards, filters } });
      expect(await send()).toBe('REFUSED: not now');
      await host.close();
    }
    expect(warned).not.toHaveBeenCalled();
    expect(logged).not.toHaveBeenCalled();
  });
});
