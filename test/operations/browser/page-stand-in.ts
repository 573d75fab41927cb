import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as bodyText } from 'node:stream/consumers';
import type { ActionPreview, FactsSince, OperationsFacts } from '../../../src/operations/facts.js';
import { PAGE_CSS, PAGE_HTML, PAGE_JS, PAGE_START } from '../../../src/operations/page/assets.generated.js';
import { sampleLetter, sampleLetterText, sampleMatch } from './sample-answers.js';
import { sampleFacts } from './sample-facts.js';

/** As strict as the host: no inline script or style, nothing from elsewhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** One action that the page sent. */
export interface SentAction {
  readonly name: string;
  readonly isPreview: boolean;
  readonly token: unknown;
  readonly body: Record<string, unknown>;
}

/** A stand-in of the host serves the page's own files and whatever facts a test wants. */
export class PageStandIn {
  facts: OperationsFacts = sampleFacts();
  #told: OperationsFacts = this.facts;
  /** what else is answered, by path; a function makes the answer */
  readonly answers = new Map<string, unknown>([
    ['match/m1', sampleMatch('m1')],
    ['dead-letters', { letters: [sampleLetter()] }],
    ['dead-letters/12', sampleLetterText('{"score":"2-1"}')],
    ['search', { text: '', matches: [] }],
  ]);
  preview: Partial<ActionPreview> = {};
  refusal: string | null = null;
  /** `hold`: the question stays open; a number: the status of every answer to `facts` */
  mood: 'well' | 'hold' | number = 'well';
  sent: SentAction[] = [];
  asked: string[] = [];
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  /** @param place path of the page, as `/api/v1/livescore` */
  constructor(readonly place = '/livescore') {}

  async listen(port: number): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.place}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '/', 'http://host');
    const path = pathname.slice(this.place.length + 1);
    response.setHeader('content-security-policy', POLICY);
    const send = (type: string, content: string) =>
      response.setHeader('content-type', `${type}; charset=utf-8`).end(content);
    if (pathname === this.place)
      return void send('text/html', PAGE_HTML.replaceAll('%BASE%', `${this.place.split('/').at(-1)}/`));
    if (path === 'page.css') return void send('text/css', PAGE_CSS);
    if (path === 'start.js') return void send('text/javascript', PAGE_START);
    if (path === 'page.js') return void send('text/javascript', PAGE_JS);
    this.asked.push(`${path}${search}`);
    const json = (value: unknown) => send('application/json', JSON.stringify(value));
    if (request.method === 'POST') return void json(await this.#act(request, path, search, response));
    if (path === 'facts' && this.mood === 'hold') return;
    if (path === 'facts' && this.mood !== 'well') return void response.writeHead(this.mood as number).end();
    if (path === 'facts') return void json(search === '' ? this.#whole() : this.#since());
    const answer = this.answers.get(decodeURIComponent(path));
    if (answer === undefined) return void response.writeHead(404).end();
    json(answer);
  }

  #whole(): OperationsFacts {
    this.#told = this.facts;
    return this.facts;
  }

  /** As the host: only what is new since then. Histories that a test has changed are answered whole. */
  #since(): OperationsFacts | FactsSince {
    const before = this.#told;
    const { series, goals, feedHistory, stored } = this.#whole();
    if (series !== before.series || goals !== before.goals || feedHistory !== before.feedHistory) return this.facts;
    const nothing = Object.entries(series).map(([name, column]) => [name, Array.isArray(column) ? [] : column]);
    const known = new Set<unknown>(Object.values(before.stored));
    return {
      ...this.facts,
      isWhole: false,
      series: Object.fromEntries(nothing),
      goals: [],
      feedHistory: [],
      stored: Object.fromEntries(Object.entries(stored).filter(([, section]) => !known.has(section))),
    };
  }

  async #act(request: IncomingMessage, path: string, search: string, response: ServerResponse): Promise<object> {
    const name = path.replace('actions/', '');
    const isPreview = search === '?preview';
    const body = JSON.parse(await bodyText(request)) as Record<string, unknown>;
    this.sent.push({ name, isPreview, token: request.headers['x-livescore-token'], body });
    if (this.refusal !== null) {
      response.statusCode = 400;
      return { statusCode: 400, code: 'LIVESCORE_ARGUMENT', message: this.refusal };
    }
    const told = { action: name, summary: isPreview ? 'This will happen.' : 'It has been done.', lines: ['A line.'] };
    if (!isPreview) return { ...told, isPreview, by: 'kaan', reason: body.reason };
    return { ...told, isPreview, isDestructive: false, expected: 'seen-1', ...this.preview };
  }
}
