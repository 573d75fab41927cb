import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ApplicationConfig, ExternalContextCreator, ModuleRef, NestContainer } from '@nestjs/core';
import { Scheduler } from '../../../kernel/scheduler.js';
import { ResolvedBroadcastOptions } from '../../broadcast.options.js';
import type { LiveClient } from '../../ports/live-client.js';
import type { ClientMessage } from '../../ports/match-frames.js';
import { MessagePipeline, MessageRefused } from '../../ports/message-pipeline.js';
import { EnhancerSource, type Enhancers } from './enhancer-source.js';
import { answering, FilterAnswer, LAST_FILTER } from './filter-answers.js';
import { LiveMessages, MESSAGE_PARAMETER } from './live-messages.js';
import { MessageRefusals, type WsExceptionClass } from './message-refusals.js';
import { MessageRun } from './message-run.js';
import { MessageRuns } from './message-runs.js';

/** What guards, pipes, interceptors, the handler and filters get together for one message. */
const DEADLINE_MS = 10_000;
const ALL = { guards: true, interceptors: true, filters: true };

type Handle = (message: ClientMessage) => unknown;
type Pipeline = (client: LiveClient, message: ClientMessage, pattern: string) => Promise<unknown>;
type PipelineFor = (client: LiveClient) => Pipeline | Promise<Pipeline>;
/** How messages are run. @throws MessageRefused */
type Way = (client: LiveClient, message: ClientMessage, handle: Handle) => Promise<void>;

/**
 * Runs messages through Nest's own pipeline, context type `ws`. What runs is decided here, not by the version of Nest: the enhancers
 * that the options name, and the host's global ones only when the options say so. They get the arguments
 * [client, message, type of the message]; pipes get the message. Where nothing is to run, the handler is called directly.
 */
@Injectable()
export class NestMessagePipeline extends MessagePipeline implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(NestMessagePipeline.name);
  private readonly runs = new MessageRuns();
  /** ends the waiting for a message that is on its way */
  private readonly open = new Set<(why: MessageRefused) => void>();
  private opening: Promise<Way> | null = null;
  private way: Way | null = null;
  isPassedBy = false;

  constructor(
    private readonly options: ResolvedBroadcastOptions,
    private readonly modules: ModuleRef,
    private readonly config: ApplicationConfig,
    private readonly scheduler: Scheduler,
  ) {
    super();
  }

  /** Only now the host has named all its global enhancers. */
  async onApplicationBootstrap(): Promise<void> {
    await this.opened();
  }

  onApplicationShutdown(): void {
    for (const stop of this.open) stop(new MessageRefused('UNAVAILABLE', 'The server is going away'));
  }

  override async run(client: LiveClient, message: ClientMessage, handle: Handle): Promise<void> {
    const way = this.way ?? (await this.opened());
    await way(client, message, handle);
  }

  private opened(): Promise<Way> {
    this.opening ??= this.prepare().then((way) => {
      this.way = way;
      return way;
    });
    return this.opening;
  }

  private async prepare(): Promise<Way> {
    const source = await EnhancerSource.open(this.modules, this.config, this.options);
    if (source.isEmpty) {
      this.isPassedBy = true;
      return directly(new MessageRefusals(this.logger, null));
    }
    const refusals = new MessageRefusals(this.logger, await wsExceptionClass());
    if (source.isPerMessage) {
      return this.through(async (client) => this.pipelineOf(await source.enhancers(client)), refusals);
    }
    const pipeline = this.pipelineOf(await source.enhancers(null));
    return this.through(() => pipeline, refusals);
  }

  /** A pipeline of these enhancers and nothing else of the application. */
  private pipelineOf({ guards, pipes, interceptors, filters }: Enhancers): Pipeline {
    const config = new ApplicationConfig();
    const { outermost, innermost } = this.runs;
    config.useGlobalGuards(...guards);
    config.useGlobalPipes(...pipes);
    config.useGlobalInterceptors(...(interceptors.length > 0 ? [outermost, ...interceptors] : []), innermost);
    config.useGlobalFilters(LAST_FILTER, ...filters.map(answering));
    const creator = ExternalContextCreator.fromContainer(new NestContainer(config));
    const { metadataKey, factory } = MESSAGE_PARAMETER;
    const messages = new LiveMessages();
    const { onMessage } = LiveMessages.prototype;
    return creator.create(
      messages,
      onMessage as (...args: unknown[]) => unknown,
      'onMessage',
      metadataKey,
      factory,
      undefined,
      undefined,
      ALL,
      'ws',
    );
  }

  private through(pipelineFor: PipelineFor, refusals: MessageRefusals): Way {
    return async (client, message, handle) => {
      const run = new MessageRun(handle);
      this.runs.begin(message, run);
      try {
        await this.bounded(run, async () => {
          const pipeline = await pipelineFor(client);
          const result = await pipeline(client, message, message.type);
          if (result instanceof FilterAnswer) throw refusals.ofAnswer(result.answer, result.exception, message.type);
          if (!run.isHandled) throw new MessageRefused('REFUSED', 'The message was refused');
        });
      } catch (error) {
        throw refusals.of(error, message.type);
      }
    };
  }

  /** @throws MessageRefused when the time is over or the application ends, whatever becomes of the work */
  private bounded(run: MessageRun, work: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const over = () => {
        cancel();
        this.open.delete(stop);
      };
      const stop = (why: MessageRefused) => {
        over();
        run.stop(why);
        reject(why);
      };
      const late = () => stop(new MessageRefused('UNAVAILABLE', 'The message was not handled in time'));
      const cancel = this.scheduler.after(DEADLINE_MS, late);
      this.open.add(stop);
      work().then(resolve, reject).finally(over);
    });
  }
}

function directly(refusals: MessageRefusals): Way {
  return async (_client, message, handle) => {
    try {
      await handle(message);
    } catch (error) {
      throw refusals.of(error, message.type);
    }
  };
}

/** null: it is not installed, so nobody throws one */
async function wsExceptionClass(): Promise<WsExceptionClass | null> {
  try {
    const { WsException } = await import('@nestjs/websockets');
    return WsException;
  } catch {
    return null;
  }
}
