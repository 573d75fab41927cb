import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { decodeItems } from '../../../thesports/decode-message.js';
import { type LiveSnapshot, ProviderApi } from '../../ports/provider-api.js';
import type { Priority } from '../../ports/provider-lists.js';
import { ProviderError } from '../../provider.errors.js';
import { ProviderHttp } from './provider-http.js';

const LIVE_MATCHES = '/match/detail_live';

/** The live matches over HTTP. Each call is one request: whoever asks decides about asking again. */
@Injectable()
export class HttpProviderApi extends ProviderApi {
  constructor(
    private readonly http: ProviderHttp,
    private readonly clock: Clock,
  ) {
    super();
  }

  override get enabled(): boolean {
    return this.http.enabled;
  }

  override liveMatches(signal?: AbortSignal, priority: Priority = 'live'): Promise<LiveSnapshot> {
    return this.http.ask({ endpoint: LIVE_MATCHES, priority, signal }, ({ body, requestedAtMs }) =>
      this.decode(body.results, requestedAtMs),
    );
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
