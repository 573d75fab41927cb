import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { MessageRefusals } from './message-refusals.js';

describe('a message that failed, at debug', () => {
  it.each([
    new Error('cannot connect: ECONNREFUSED db.goalgpt.tr:5432 password=hunter2'),
    new Error('ECONNREFUSED [host]\n    at db.goalgpt.tr:5432 password=hunter2'),
    'postgres://bob:hunter2@db.goalgpt.tr:5432/x',
  ])('shows nothing that an attacker could use: %s', (error) => {
    const logger = new Logger('Fake');
    const warn = jest.spyOn(logger, 'warn').mockImplementation(() => undefined);
    const debug = jest.spyOn(logger, 'debug').mockImplementation(() => undefined);
    new MessageRefusals(logger, null).of(error, 'SUBSCRIBE');
    expect(debug).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(debug.mock.calls)).toMatch(/\[host\]|\[address\]/);
    expect(JSON.stringify([warn.mock.calls, debug.mock.calls])).not.toMatch(/goalgpt|hunter2/);
  });
});
