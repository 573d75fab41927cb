import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { Scheduler } from '../../../kernel/scheduler.js';
import { decodeItems } from '../../../thesports/decode-message.js';
import { ClockSkew } from '../../clock-skew.js';
import { type LiveSnapshot, ProviderApi } from '../../ports/provider-api.js';
import { ProviderError } from '../../provider.errors.js';
import { type ProviderCredentials, ResolvedProviderOptions } from '../../provider.options.js';
import { ProviderRequests } from '../../provider-requests.js';
import { openAnswer } from './http-answer.js';
import { httpGet } from './http-get.js';

const LIVE_MATCHES = '/match/detail_live';

/** The REST API over HTTP. Each call is one request: whoever asks decides about asking again. */
@Injectable()
export class HttpProviderApi extends ProviderApi implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('ProviderModule');
  private readonly stopping = new AbortController();

  constructor(
    private readonly requests: ProviderRequests,
    private readonly clock: Clock,
    private readonly skew: ClockSkew,
    private readonly scheduler: Scheduler,
    private readonly options: ResolvedProviderOptions,
  ) {
    super();
  }

  override get enabled(): boolean {
    return this.options.credentials !== null;
  }

  override liveMatches(signal?: AbortSignal): Promise<LiveSnapshot> {
    const { credentials } = this.options;
    return this.requests.run({
      endpoint: LIVE_MATCHES,
      priority: 'live',
      signal,
      // without credentials the request is refused before it is sent
      send: () => this.readLiveMatches(credentials ?? { user: '', secret: '' }, signal),
    });
  }

  onModuleInit(): void {
    const { credentials, baseUrl } = this.options;
    if (credentials === null) this.logger.log('The provider is never asked: no credentials');
    else if (sendsSecretInTheClear(baseUrl))
      this.logger.warn('The secret goes to the provider unencrypted', { baseUrl });
  }

  /** Calls off whatever is on its way. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  private async readLiveMatches(credentials: ProviderCredentials, signal?: AbortSignal): Promise<LiveSnapshot> {
    const requestedAtMs = this.clock.nowMs();
    const { timeoutMs, maxBodyBytes } = this.options;
    const signals = [this.stopping.signal, ...(signal ? [signal] : [])];
    const url = this.address(LIVE_MATCHES, credentials);
    const request = { url, endpoint: LIVE_MATCHES, timeoutMs, maxBodyBytes, scheduler: this.scheduler, signals };
    const reply = await httpGet(request, (headers) => this.readClock(headers, requestedAtMs));
    const { results } = openAnswer(reply, LIVE_MATCHES, [credentials.secret, credentials.user]);
    return this.decode(results, requestedAtMs);
  }

  private address(endpoint: string, { user, secret }: ProviderCredentials): URL {
    const url = new URL(`${this.options.baseUrl}${endpoint}`);
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

  /** An empty list means no match is live; no list, or one of which nothing can be understood, means nothing. */
  private decode(results: unknown, requestedAtMs: number): LiveSnapshot {
    if (typeof results !== 'object' || results === null) {
      throw new ProviderError('malformed', 'The answer has no results', { endpoint: LIVE_MATCHES });
    }
    const receivedAtMs = this.clock.nowMs();
    const origin = { source: 'api', delivery: 'pull', receivedAtMs, requestedAtMs } as const;
    const { updates, rejections, lost } = decodeItems({ results }, origin);
    if (updates.length === 0 && rejections.length > 0) {
      throw new ProviderError('malformed', 'Nothing of the answer can be understood', { endpoint: LIVE_MATCHES });
    }
    const rejected = lost;
    return { updates, rejected, requestedAtMs };
  }
}

function sendsSecretInTheClear(baseUrl: string): boolean {
  const { protocol, hostname } = new URL(baseUrl);
  return protocol === 'http:' && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
