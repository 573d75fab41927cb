import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { Scheduler } from '../../../kernel/scheduler.js';
import { ClockSkew } from '../../clock-skew.js';
import type { ListRequest } from '../../ports/provider-lists.js';
import { type ProviderCredentials, ResolvedProviderOptions } from '../../provider.options.js';
import { ProviderRequests } from '../../provider-requests.js';
import { type AnswerBody, openAnswer } from './http-answer.js';
import { httpGet } from './http-get.js';

/** A good answer as it came. */
export interface HttpAnswerRead {
  readonly body: AnswerBody;
  /** our clock when the request left, unix ms */
  readonly requestedAtMs: number;
}

/** Sends the requests of all adapters: in turn, with credentials, bounded, and with a look at the provider's clock. */
@Injectable()
export class ProviderHttp implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('ProviderModule');
  private readonly stopping = new AbortController();

  constructor(
    private readonly requests: ProviderRequests,
    private readonly clock: Clock,
    private readonly skew: ClockSkew,
    private readonly scheduler: Scheduler,
    private readonly options: ResolvedProviderOptions,
  ) {}

  get enabled(): boolean {
    return this.options.credentials !== null;
  }

  /**
   * One request in its turn.
   * @param decode what it throws counts as the provider's failure
   * @throws ProviderError
   */
  ask<T>(request: ListRequest, decode: (answer: HttpAnswerRead) => T): Promise<T> {
    const { endpoint, priority, signal } = request;
    // without credentials the request is refused before it is sent
    const credentials = this.options.credentials ?? { user: '', secret: '' };
    const send = async () => decode(await this.read(request, credentials));
    return this.requests.run({ endpoint, priority, signal, send });
  }

  onModuleInit(): void {
    const { credentials, baseUrl } = this.options;
    if (credentials === null) this.logger.log('The provider is never asked: no credentials');
    else if (sendsSecretInTheClear(baseUrl))
      this.logger.warn('The secret goes to the provider unencrypted', { host: new URL(baseUrl).host });
  }

  /** Calls off whatever is on its way. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  private async read(request: ListRequest, credentials: ProviderCredentials): Promise<HttpAnswerRead> {
    const { endpoint, signal } = request;
    const requestedAtMs = this.clock.nowMs();
    const { maxBodyBytes } = this.options;
    const timeoutMs = request.timeoutMs ?? this.options.timeoutMs;
    const signals = [this.stopping.signal, ...(signal ? [signal] : [])];
    const url = this.address(request, credentials);
    const get = { url, endpoint, timeoutMs, maxBodyBytes, scheduler: this.scheduler, signals };
    const reply = await httpGet(get, (headers) => this.readClock(headers, requestedAtMs));
    return { body: openAnswer(reply, endpoint, secretsOf(credentials)), requestedAtMs };
  }

  private address({ endpoint, params = {} }: ListRequest, { user, secret }: ProviderCredentials): URL {
    const url = new URL(`${this.options.baseUrl}${endpoint}`);
    for (const [name, value] of Object.entries(params)) url.searchParams.set(name, String(value));
    url.searchParams.set('user', user);
    url.searchParams.set('secret', secret);
    return url;
  }

  private readClock(headers: Headers, requestedAtMs: number): void {
    const answeredAtMs = this.clock.nowMs();
    this.skew.take({
      date: headers.get('date'),
      age: headers.get('age'),
      requestedAtMs,
      answeredAtMs,
    });
  }
}

/** As they are, and as they stand in an address that an answer may repeat; the longest first. */
function secretsOf({ user, secret }: ProviderCredentials): readonly string[] {
  const forms = [secret, user].flatMap((text) => {
    const inQuery = new URLSearchParams({ text }).toString().slice('text='.length);
    return [text, encodeURIComponent(text), inQuery];
  });
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function sendsSecretInTheClear(baseUrl: string): boolean {
  const { protocol, hostname } = new URL(baseUrl);
  return protocol === 'http:' && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
