import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { EventLog } from './event-log.js';
import { KernelModule } from './kernel.module.js';
import { InvalidOptionError } from './livescore.errors.js';
import { LogsModule } from './logs.module.js';
import type { LogsOptions } from './logs.options.js';
import { StructuredEvent } from './structured-event.js';

async function lineOf(options?: LogsOptions): Promise<unknown> {
  const imports = options ? [LogsModule.forRoot(options), KernelModule] : [KernelModule];
  const app = await Test.createTestingModule({ imports }).compile();
  const logger = new Logger('DirectWrite');
  const warn = jest.spyOn(logger, 'warn').mockImplementation(() => undefined);
  app.get(EventLog).write(logger, 'mqtt.direct_write.rejected', { level: 'warn', matchId: 'm1' });
  await app.close();
  expect(warn).toHaveBeenCalledTimes(1);
  return warn.mock.calls[0]?.[0];
}

describe('EventLog', () => {
  it('gives the object to the logger, under the name of the platform', async () => {
    const line = await lineOf();
    expect(line).toBeInstanceOf(StructuredEvent);
    expect(line).toMatchObject({ service: 'goalgpt-dashboard', event: 'mqtt.direct_write.rejected', matchId: 'm1' });
  });

  it('gives a text of JSON, under the name that the host chose', async () => {
    const line = await lineOf({ service: 'scores', format: 'json' });
    expect(JSON.parse(String(line))).toMatchObject({ service: 'scores', level: 'warn', matchId: 'm1' });
  });

  it('gives a text for people', async () => {
    expect(await lineOf({ format: 'text' })).toBe('mqtt.direct_write.rejected matchId=m1');
  });

  it('of two applications is that of each', async () => {
    const [one, other] = await Promise.all([lineOf({ service: 'one' }), lineOf({ service: 'other' })]);
    expect([one, other]).toEqual([
      expect.objectContaining({ service: 'one' }),
      expect.objectContaining({ service: 'other' }),
    ]);
  });

  it('refuses a form that it does not know', async () => {
    await expect(lineOf({ format: 'xml' as 'json' })).rejects.toThrow(InvalidOptionError);
  });
});
