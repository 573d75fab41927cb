import { createServer, type IncomingMessage, type Server } from 'node:http';
import { describe, expect, it, jest } from '@jest/globals';
import { tapUpgrades, type UpgradeTap } from './upgrade-tap.js';

function tap() {
  return {
    wants: jest.fn(({ url }: IncomingMessage) => url === '/ws'),
    take: jest.fn<UpgradeTap['take']>(),
    nobodyWants: jest.fn(),
    serverClosing: jest.fn(),
  };
}

const upgrade = (server: Server, url: string) => server.emit('upgrade', { url }, {}, Buffer.alloc(0));

describe('tapUpgrades', () => {
  it('takes what it wants from the listeners, whenever they were added, and leaves them the rest', () => {
    const server = createServer();
    const [early, late, ours] = [jest.fn(), jest.fn(), tap()];
    server.on('upgrade', early);
    const remove = tapUpgrades(server, ours);
    server.prependListener('upgrade', late);
    expect(upgrade(server, '/ws')).toBe(true);
    expect([early.mock.calls.length, late.mock.calls.length, ours.take.mock.calls.length]).toEqual([0, 0, 1]);
    upgrade(server, '/other');
    expect([early.mock.calls.length, late.mock.calls.length, ours.take.mock.calls.length]).toEqual([1, 1, 1]);
    remove();
    upgrade(server, '/ws');
    expect([early.mock.calls.length, ours.take.mock.calls.length]).toEqual([2, 1]);
    expect([Object.hasOwn(server, 'emit'), server.listenerCount('upgrade')]).toEqual([false, 2]);
  });

  it('keeps what others put over the server, before it and after it', () => {
    const server = createServer();
    const original = server.emit;
    const seen: string[] = [];
    const wrap = (name: string) => {
      const inner = server.emit;
      server.emit = function (this: Server, event: string, ...values: unknown[]): boolean {
        seen.push(name);
        return Reflect.apply(inner, this, [event, ...values]);
      };
    };
    wrap('before');
    const ours = tap();
    const remove = tapUpgrades(server, ours);
    wrap('after');
    upgrade(server, '/ws');
    expect([seen, ours.take.mock.calls.length]).toEqual([['after'], 1]);
    seen.length = 0;
    remove();
    server.on('upgrade', () => undefined);
    upgrade(server, '/ws');
    expect([seen, ours.take.mock.calls.length]).toEqual([['after', 'before'], 1]);
    expect(server.emit).not.toBe(original);
  });

  it('tells when the server begins to close', async () => {
    const server = createServer();
    const ours = tap();
    const remove = tapUpgrades(server, ours);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    expect(ours.serverClosing).not.toHaveBeenCalled();
    await new Promise((resolve) => server.close(resolve));
    expect(ours.serverClosing).toHaveBeenCalledTimes(1);
    remove();
  });
});
