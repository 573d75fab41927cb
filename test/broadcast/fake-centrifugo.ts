import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { freePort } from '../../examples/host/embedded/free-port.js';

type Fields = Readonly<Record<string, unknown>>;

/** `PublishRequest` of Centrifugo 6, by field: is it a value of its type? */
const PUBLISH_FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  channel: (value) => typeof value === 'string' && value !== '' && value.length <= 255,
  data: (value) => value !== undefined,
  skip_history: (value) => typeof value === 'boolean',
  tags: (value) => isFields(value) && Object.values(value).every((tag) => typeof tag === 'string'),
  b64data: (value) => typeof value === 'string',
  idempotency_key: (value) => typeof value === 'string',
  delta: (value) => typeof value === 'boolean',
  version: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  version_epoch: (value) => typeof value === 'string',
};
const BATCH_FIELDS = ['commands', 'parallel'];
const ERRORS = {
  internal: { code: 100, message: 'internal server error' },
  unknownChannel: { code: 102, message: 'unknown channel' },
};

export interface Published {
  readonly channel: string;
  readonly data: Fields;
  readonly request: Fields;
}

interface ChannelState {
  version: number;
  versionEpoch: string;
  offset: number;
  readonly keys: Set<unknown>;
}

/**
 * Centrifugo's HTTP API as it is documented for version 6, `POST /api/batch` with `publish` commands. It takes nothing that the
 * documents do not name: such a request is kept in `violations`. Every channel has a history, so versions and idempotency
 * keys are looked at as Centrifugo does.
 */
export class FakeCentrifugo {
  readonly violations: string[] = [];
  readonly published: Published[] = [];
  /** publications that Centrifugo itself left out: an old version, or a key that it knows */
  readonly leftOut: Published[] = [];
  /** commands by request */
  readonly batches: number[] = [];
  /** requests that are under way, and the most there ever were */
  underWay = 0;
  mostUnderWay = 0;
  /** namespaces that are configured; a channel without `:` needs none */
  namespaces: readonly string[] = ['match'];
  /** answers before the API looks at the request; null: the API does */
  interfere: ((request: IncomingMessage, response: ServerResponse) => boolean) | null = null;
  /** channels that get "internal server error" */
  failing: ReadonlySet<string> = new Set();
  /** what happens before an answer is sent */
  beforeAnswer: () => Promise<void> = () => Promise.resolve();
  private readonly channels = new Map<string, ChannelState>();
  private server: Server | null = null;
  private port = 0;

  constructor(readonly apiKey = 'key-of-the-api') {}

  get url(): string {
    return `http://127.0.0.1:${this.port}/api`;
  }

  /** On the same port every time. */
  async start(): Promise<void> {
    this.port ||= await freePort();
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  dataOf(channel: string): readonly Fields[] {
    return this.published.flatMap((one) => (one.channel === channel ? [one.data] : []));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.underWay++;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    response.once('close', () => this.underWay--);
    const body = await bodyOf(request).catch(() => null);
    if (body === null || this.interfere?.(request, response)) return;
    const [status, answer] = this.answer(request, body);
    await this.beforeAnswer();
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(answer);
  }

  private answer({ method, url, headers }: IncomingMessage, body: string): readonly [status: number, answer: string] {
    if (headers['x-api-key'] !== this.apiKey) return [401, ''];
    if (method !== 'POST' || url !== '/api/batch') return this.violation(`${method} ${url}`);
    if (headers['content-type'] !== 'application/json') return this.violation(`type ${headers['content-type']}`);
    let batch: unknown;
    try {
      batch = JSON.parse(body);
    } catch {
      return this.violation('not JSON');
    }
    if (!isFields(batch) || !Array.isArray(batch.commands)) return this.violation('no commands');
    for (const name of Object.keys(batch)) if (!BATCH_FIELDS.includes(name)) return this.violation(`batch.${name}`);
    this.batches.push(batch.commands.length);
    return [200, JSON.stringify({ replies: batch.commands.map((command) => this.reply(command)) })];
  }

  private reply(command: unknown): Fields {
    const [method, ...more] = isFields(command) ? Object.keys(command) : [];
    const request = isFields(command) ? command.publish : null;
    if (method !== 'publish' || more.length > 0 || !isFields(request)) {
      this.violations.push(`command ${JSON.stringify(command)}`);
      return { error: { code: 107, message: 'bad request' } };
    }
    for (const [name, value] of Object.entries(request))
      if (!PUBLISH_FIELDS[name]?.(value)) this.violations.push(`publish.${name}: ${JSON.stringify(value)}`);
    for (const name of ['channel', 'data']) if (!(name in request)) this.violations.push(`publish without ${name}`);
    return this.publish(request);
  }

  private publish(request: Fields): Fields {
    const channel = String(request.channel);
    const [namespace, rest] = channel.split(':', 2);
    if (rest !== undefined && !this.namespaces.includes(String(namespace))) return { error: ERRORS.unknownChannel };
    if (this.failing.has(channel)) return { error: ERRORS.internal };
    const state = this.channels.get(channel) ?? { version: 0, versionEpoch: '', offset: 0, keys: new Set() };
    this.channels.set(channel, state);
    const publication = { channel, data: request.data as Fields, request };
    if (this.isOld(state, request)) this.leftOut.push(publication);
    else {
      state.offset++;
      this.published.push(publication);
    }
    return { publish: { offset: state.offset, epoch: 'abcd' } };
  }

  private isOld(state: ChannelState, { version, version_epoch: epoch = '', idempotency_key: key }: Fields): boolean {
    if (key !== undefined && state.keys.has(key)) return true;
    if (key !== undefined) state.keys.add(key);
    if (version === undefined || version === 0) return false;
    if (epoch === state.versionEpoch && Number(version) <= state.version) return true;
    state.version = Number(version);
    state.versionEpoch = String(epoch);
    return false;
  }

  private violation(what: string): readonly [status: number, answer: string] {
    this.violations.push(what);
    return [400, 'Bad Request'];
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
