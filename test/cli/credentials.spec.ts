import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

const MALFORMED = [
  'postgres://u:a/Hidden7@127.0.0.1:1/x',
  'postgres://u:a@Hidden7@127.0.0.1:1/x',
  'postgres://u:a#Hidden7@127.0.0.1:1/x',
  'postgres://u:a?Hidden7@127.0.0.1:1/x',
  'postgres://u:a%zzHidden7@127.0.0.1:1/x',
  'postgres://127.0.0.1:1/x?user=u&password=Hidden7',
  'u:Hidden7@127.0.0.1/x',
  'postgres:u:Hidden7@h',
  'host=127.0.0.1 password=Hidden7 port=1',
];
/** Each hides the password where another reader of addresses looks for something else. */
const MORE_MALFORMED = [
  'postgres://u:Hidden7@127.0.0.1:99999/x',
  'postgres://u:Hidden7@127.0.0.1:port/x',
  'postgres://u:Hidden7@[::1/x',
  'postgres://u:Hidden7@127.0.0.1:1/x y',
  'postgres://u:Hidden7 @127.0.0.1:1/x',
  'postgres://u:Hidden7\n@127.0.0.1:1/x',
  'postgres://u:a\\Hidden7@127.0.0.1:1/x',
  'postgres:///x?host=127.0.0.1&port=1&user=u&password=Hidden7',
  'postgres://u:Hidden7@/x',
  'postgres://:Hidden7@127.0.0.1:1/x',
  'postgres://Hidden7@127.0.0.1:1/%zz',
  'mysql://u:Hidden7@127.0.0.1:1/x',
  'http://u:Hidden7@127.0.0.1:1/x',
  '//u:Hidden7@127.0.0.1:1/x',
  '"postgres://u:Hidden7@127.0.0.1:1/x"',
  'DATABASE_URL=postgres://u:Hidden7@127.0.0.1:1/x',
  'Hidden7',
];
const MORE_COMMANDS = [
  'settlement report',
  'sync status',
  'match stale',
  'minute m',
  'verify',
  'doctor',
  'doctor --json',
  'watch --once',
  'prune --dry-run',
  'backup /nowhere/at/all',
  'restore /nowhere/at/all',
];
const COMMANDS = [
  'migrate status',
  'migrate revert --all',
  'stage get',
  'pin m legacy',
  'rollout report',
  'revert --since 1d',
  'dead-letters list',
  'foreign-writers get',
  'explain m',
  'replay examples/data/worldcup-2022.json',
  'replay --clean-run abcdefghi',
];

describe.each(COMMANDS)('livescore %s', (command) => {
  it.each(MALFORMED)('tells no password of DATABASE_URL: %s', async (url) => {
    const { exitCode, stdout, stderr } = await runCli(command.split(' '), { DATABASE_URL: url, PORT: '1' });
    expect([exitCode, stdout + stderr]).toEqual([2, expect.not.stringContaining('Hidden7')]);
  });
});

it.each(MORE_MALFORMED)('no command tells a password of DATABASE_URL: %j', async (url) => {
  const { exitCode, stdout, stderr } = await runCli(['stage', 'get'], { DATABASE_URL: url, PORT: '1' });
  expect([exitCode, stdout + stderr]).toEqual([2, expect.not.stringContaining('Hidden7')]);
});

// some of them wait for a database: together, for all addresses
it.each(MORE_COMMANDS)('livescore %s tells no password of DATABASE_URL', async (command) => {
  const urls = [...MALFORMED, ...MORE_MALFORMED];
  const ended = await Promise.all(urls.map((url) => runCli(command.split(' '), { DATABASE_URL: url, PORT: '1' })));
  for (const [n, { exitCode, stdout, stderr }] of ended.entries()) {
    expect([urls[n], stdout + stderr]).toEqual([urls[n], expect.not.stringContaining('Hidden7')]);
    expect(exitCode).toBeGreaterThan(0);
  }
});

it.each(['stage get', 'migrate status'])(
  'livescore %s hands no driver an address that cannot be read',
  async (command) => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `postgres://u:a@127.0.0.1:${(server.address() as AddressInfo).port}/x#Hidden7`;
    const { exitCode } = await runCli(command.split(' '), { DATABASE_URL: url });
    server.close();
    await once(server, 'close');
    expect([exitCode, connections]).toEqual([2, 0]);
  },
);

describe('livescore replay', () => {
  const FILE = 'examples/data/worldcup-2022.json';
  const DATABASE_URL = 'postgres://127.0.0.1:1/x';

  it.each([
    ['--password', 'Hidden7'],
    ['--database-url', 'postgres://u:Hidden7@h/x'],
    ['--database-url', 'postgres://h/x?password=Hidden7'],
    ['--database-url', 'u:Hidden7@h'],
    ['--mqtt-url', 'mqtt://u:Hidden7@h'],
    ['--mqtt-url', 'tcp://u:Hidden7@h'],
    ['--url', 'http://u:Hidden7@h'],
  ])('takes no secret as an argument, where all see it: %s %s', async (option, value) => {
    const { exitCode, stderr } = await runCli(['replay', FILE, option, value], { DATABASE_URL });
    expect([exitCode, stderr]).toEqual([2, expect.not.stringContaining('Hidden7')]);
    expect(stderr).toContain(option);
  });

  it('says which file of a password cannot be read', async () => {
    const argv = ['replay', FILE, '--password-file', '/no/such/file'];
    expect((await runCli(argv, { DATABASE_URL })).stderr).toContain('cannot read /no/such/file');
  });
});
