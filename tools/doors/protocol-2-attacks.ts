import { SignJWT } from 'jose';
import { JWT_AUDIENCE, JWT_ISSUER } from '../../examples/host/jwt-authenticator.js';
import { clientFrame, RawSocket, upgradeRequest } from '../../test/support/raw-socket.js';
import { type Attack, again, answered, left, pause, times } from './attack.js';
import { JOURNALED, journaledId, PAST, pastId, WATCHED, watchedId } from './watched-matches.js';

/** What the host signs its tokens with while it is attacked. */
export const TOKEN_SECRET = 'a secret that only the doors of this test know';
const [TEXT, CONTINUATION] = [1, 0];
const PATH = '/ws?protocol=2';
/** Of one address; the host trusts this machine to say whose. */
const NEIGHBOURS = { headers: 'X-Forwarded-For: 203.0.113.9\r\n' };

/** What a client may send without being stopped: so much at once, then so much a second. */
const BURST = { messages: 38, bytes: 30_000 };
const RATE = { everyMs: 500, bytesPerSecond: 1_024 };
const FRAME_BYTES = 80;

type Message = (n: number) => string;

/** Ten clients that send as much as they may, and come back when they are thrown out. */
function talking(message: Message, headers = ''): Attack {
  return times(
    10,
    again(async (address) => {
      const client = await RawSocket.connect(address, upgradeRequest(PATH, { headers }));
      await talk(client, message);
    }),
  );
}

async function talk(client: RawSocket, message: Message): Promise<void> {
  throwAway(client);
  const size = message(0).length + FRAME_BYTES;
  const atOnce = Math.max(1, Math.min(BURST.messages, Math.floor(BURST.bytes / size)));
  const everyMs = Math.max(RATE.everyMs, (size / RATE.bytesPerSecond) * 1_000);
  const say = (n: number) => client.socket.write(clientFrame(TEXT, message(n)));
  for (let n = 0; n < atOnce; n++) say(n);
  const gone = left(client);
  for (let n = atOnce; !client.closed && !client.ended; n++) {
    await Promise.race([pause(everyMs), gone]);
    say(n);
  }
  client.destroy();
}

/** Reads on, at no cost for the other attackers. */
function throwAway(client: RawSocket): void {
  client.socket.removeAllListeners('data').resume();
}

/** Sends these frames and waits for the end, again and again. */
function sending(...frames: readonly Buffer[]): Attack {
  return again(async (address) => {
    const client = await RawSocket.connect(address, upgradeRequest(PATH));
    for (const frame of frames) client.socket.write(frame);
    await Promise.race([left(client), pause(1_000)]);
    client.destroy();
  });
}

const subscribe = (fields: object): string => JSON.stringify({ type: 'SUBSCRIBE', ...fields });
const range = (count: number, name: (n: number) => string, from = 0): string[] =>
  Array.from({ length: count }, (_, n) => name(from + n));
const positions = (ids: readonly string[], position: string) => Object.fromEntries(ids.map((id) => [id, position]));
const ALL = subscribe({ all: true });
const NOTHING_AND_ALL = ['{"type":"UNSUBSCRIBE"}', ALL] as const;

/** Ids that no row has, others each time. */
let nobody = 0;
const nobodies = (count: number) => range(count, () => `x${(nobody++).toString(36)}`);

/** Asks for everything, and takes it in as slowly as it likes. */
function reader(taking: (client: RawSocket) => unknown): Attack {
  return times(
    20,
    again(async (address) => {
      const client = await RawSocket.connect(address, upgradeRequest(PATH));
      client.socket.pause();
      client.socket.write(clientFrame(TEXT, ALL));
      for (let n = 0; n < 10; n++) client.socket.write(clientFrame(TEXT, NOTHING_AND_ALL[n % 2]));
      const took = setInterval(() => taking(client), 1_000);
      await Promise.race([left(client), pause(40_000)]);
      clearInterval(took);
      client.destroy();
    }),
  );
}

async function token(lifeS: number): Promise<string> {
  const claims = new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setIssuer(JWT_ISSUER).setAudience(JWT_AUDIENCE);
  const signed = claims.setSubject('doors').setExpirationTime(Math.floor(Date.now() / 1_000) + lifeS);
  return signed.sign(new TextEncoder().encode(TOKEN_SECRET));
}

/** A token that is over, or is in a moment. */
function tokenOf(lifeS: number): Attack {
  return again(async (address) => {
    const headers = `Authorization: Bearer ${await token(lifeS)}\r\n`;
    const client = await RawSocket.connect(address, upgradeRequest(PATH, { headers }));
    client.socket.write(clientFrame(TEXT, ALL));
    await Promise.race([left(client), pause(5_000)]);
    client.destroy();
  });
}

/** As many as may be, until they are no more: 250 by each of twenty attackers. */
const crowd = times(
  250,
  again(async (address) => {
    const client = await RawSocket.connect(address, upgradeRequest(PATH, NEIGHBOURS));
    await answered(client);
    throwAway(client);
    client.socket.write(clientFrame(TEXT, ALL));
    await Promise.race([left(client), pause(5_000)]);
    client.destroy();
    await pause(100);
  }),
  20,
);

/** What strangers do who speak protocol 2, each by its name. */
export const PROTOCOL_2_ATTACKS: Readonly<Record<string, Attack>> = {
  'v2: 10,000 names in one message': sending(clientFrame(TEXT, subscribe({ matches: nobodies(10_000) }))),
  'v2: 10,000 names in many messages': talking(() => subscribe({ matches: nobodies(400) })),
  'v2: all, again and again': talking(() => ALL),
  'v2: all and nothing in turn': talking((n) => NOTHING_AND_ALL[n % 2]!),
  'v2: all and nothing in turn, by one address': talking((n) => NOTHING_AND_ALL[n % 2]!, NEIGHBOURS.headers),
  'v2: 400 matches again and again': talking(() => subscribe({ matches: range(WATCHED, watchedId) })),
  'v2: a name comes and goes': talking((n) =>
    JSON.stringify({ type: n % 2 ? 'UNSUBSCRIBE' : 'SUBSCRIBE', matches: range(20, watchedId, n % 300) }),
  ),
  'v2: positions of matches that do not exist': talking(() =>
    subscribe({ all: true, since: positions(nobodies(500), '1.1') }),
  ),
  'v2: matches of long ago': talking((n) => subscribe({ matches: range(100, pastId, (n * 100) % PAST) })),
  'v2: positions ahead': talking(() => subscribe({ all: true, since: positions(range(100, watchedId), '1.9999') })),
  'v2: positions of another life': talking(() =>
    subscribe({ all: true, since: positions(range(100, watchedId), '9.1') }),
  ),
  'v2: replay from the beginning': talking((n) =>
    subscribe({ matches: [], replay: true, since: positions(range(JOURNALED, journaledId), `1.${n % 90}`) }),
  ),
  'v2: replay of what is in memory': talking((n) =>
    subscribe({ matches: [], replay: true, since: positions(range(WATCHED, watchedId), `1.${1 + (n % 40)}`) }),
  ),
  'v2: bad tokens': talking((n) => JSON.stringify({ type: 'AUTHENTICATE', token: `eyJhbGciOiJIUzI1NiJ9.e30.${n}` })),
  'v2: bad tokens at the door': again(async (address) => {
    const headers = 'Sec-WebSocket-Protocol: livescore.v2, bearer.eyJhbGciOiJIUzI1NiJ9.e30.x\r\n';
    const client = await RawSocket.connect(address, upgradeRequest(PATH, { headers }));
    await left(client);
    client.destroy();
  }),
  'v2: a token that is over': tokenOf(-60),
  'v2: a token that ends': tokenOf(1),
  'v2: bad JSON': talking(() => '{"type":"SUBSCRIBE",'),
  'v2: deep JSON': talking(() => '['.repeat(15_000)),
  'v2: deep fields': talking(() => subscribe({ all: true, x: JSON.parse('['.repeat(2_000) + ']'.repeat(2_000)) })),
  'v2: types that nobody knows': talking((n) => JSON.stringify({ type: `DROP ${n}`, id: n })),
  'v2: bad UTF-8': sending(clientFrame(TEXT, Buffer.from([0x7b, 0xc3, 0x28, 0x7d]))),
  'v2: a message too long': sending(clientFrame(TEXT, Buffer.alloc(60_000, 0x20))),
  'v2: a message in pieces': sending(
    clientFrame(TEXT, ALL.slice(0, 5), false),
    ...Array.from({ length: 30 }, () => clientFrame(CONTINUATION, ' '.repeat(600), false)),
  ),
  'v2: clients that do not read': reader(() => undefined),
  'v2: clients that read a byte a second': reader((client) => client.socket.read(1)),
  'v2: connect, subscribe and leave': again(async (address) => {
    const client = await RawSocket.connect(address, upgradeRequest(PATH));
    client.socket.write(clientFrame(TEXT, ALL));
    await answered(client);
    client.destroy();
  }),
  'v2: a page of another origin': again(async (address) => {
    const headers = 'Origin: https://elsewhere.example\r\n';
    const client = await RawSocket.connect(address, upgradeRequest(PATH, { headers }));
    await answered(client);
    client.destroy();
  }),
  'v2: 5,000 connections of one address': crowd,
};
