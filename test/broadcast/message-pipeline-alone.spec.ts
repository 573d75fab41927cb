import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type INestApplication, Module, UnauthorizedException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ResolvedBroadcastOptions, resolveBroadcastOptions } from '../../src/broadcast/broadcast.options.js';
import { ANONYMOUS } from '../../src/broadcast/ports/client-authenticator.js';
import { MessagePipeline } from '../../src/broadcast/ports/message-pipeline.js';
import { Scheduler, SystemScheduler } from '../../src/kernel/scheduler.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

const asked = jest.fn();
jest.unstable_mockModule('@nestjs/websockets', () => {
  asked();
  throw new Error("Cannot find package '@nestjs/websockets'");
});

describe('the pipeline of a host without @nestjs/websockets', () => {
  let app: INestApplication;
  let answer: boolean | Error = true;

  beforeAll(async () => {
    const { NestMessagePipeline } = await import('../../src/broadcast/adapters/nest/nest-message-pipeline.js');
    const canActivate = () => {
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const options = resolveBroadcastOptions({ enhancers: { guards: [{ canActivate }] } });
    @Module({
      providers: [
        { provide: ResolvedBroadcastOptions, useValue: options },
        { provide: Scheduler, useClass: SystemScheduler },
        { provide: MessagePipeline, useClass: NestMessagePipeline },
      ],
    })
    class HostModule {}
    app = await NestFactory.create(HostModule, { logger: false, abortOnError: false });
    await app.init();
  });
  afterAll(() => app.close());

  it.each<[boolean | Error, string]>([
    [true, 'handled'],
    [false, 'FORBIDDEN'],
    [new UnauthorizedException(), 'UNAUTHORIZED'],
  ])('runs guards: %s is %s', async (given, expected) => {
    answer = given;
    const client = { id: '1', identity: ANONYMOUS, facts: { headers: {}, url: '/ws', address: null } };
    const run = app.get(MessagePipeline).run(client, { type: 'SUBSCRIBE', all: true }, () => undefined);
    const told = await run.then(
      () => 'handled',
      (error: { code: string }) => error.code,
    );
    expect(told).toBe(expected);
    expect(asked).toHaveBeenCalled();
  });
});
