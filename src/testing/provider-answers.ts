import type { ProviderBehaviour } from './provider-behaviour.js';
import { bodyOf } from './provider-body.js';
import { ProviderEndpoints, type ProviderStores } from './provider-endpoints.js';
import { msOf } from './provider-fault.js';
import type { Strikes } from './provider-faults.js';
import type { ProviderHistory, ProviderMatch } from './provider-history.js';
import { ProviderPageShift } from './provider-page-shift.js';
import type { ProviderPresentation } from './provider-presentation.js';
import { refusalOf, type StatusAndBody } from './provider-refusals.js';
import type { ArrivedRequest } from './provider-request.js';

/** One request and all that decides about its answer. */
export interface Asked {
  readonly request: ArrivedRequest;
  readonly behaviour: ProviderBehaviour;
  readonly strikes: Strikes;
  readonly shown: ProviderPresentation;
}

export interface AnswerSources extends ProviderStores {
  readonly user: string;
  readonly secret: string;
  readonly history: ProviderHistory;
  readonly nowMs: () => number;
}

const ZERO = [0, 0, 0, 0, 0, 0, 0];

/** What is answered, apart from how it goes over the wire. */
export class ProviderAnswers {
  private readonly endpoints: ProviderEndpoints;
  private readonly shift: ProviderPageShift;

  constructor(private readonly sources: AnswerSources) {
    this.endpoints = new ProviderEndpoints(sources);
    this.shift = new ProviderPageShift(sources.nowMs);
  }

  knows(endpoint: string): boolean {
    return this.endpoints.find(endpoint) !== null;
  }

  answer({ request, behaviour, strikes, shown }: Asked): StatusAndBody {
    if (behaviour.body !== undefined) return { status: 200, body: behaviour.body };
    const { params, endpoint, page } = request;
    const { user, secret } = this.sources;
    if (params.get('user') !== user || params.get('secret') !== secret) {
      return { status: 200, body: '{"code":401,"err":"user or secret is wrong"}' };
    }
    const refusal = refusalOf(strikes);
    if (refusal) return refusal;
    const find = this.endpoints.find(endpoint);
    if (!find) return { status: 404, body: '{"code":404,"err":"no such endpoint"}' };
    const content = find({
      ...request,
      timeS: ownTimeS(request.timeS, strikes),
      nowMs: this.sources.nowMs(),
      shown,
      live: this.liveMatches(behaviour),
      unrelatedLive: (count) => this.unrelated(count),
    });
    const body = bodyOf(content, strikes, shown);
    const list = this.endpoints.shiftingListAt(endpoint);
    if (list) this.shift.apply(list, page * shown.pageSize, strikes);
    return { status: 200, body };
  }

  private liveMatches({ unrelatedMatches = 0, cacheAgeMs = 0 }: ProviderBehaviour): () => ProviderMatch[] {
    const { history, nowMs } = this.sources;
    return () => [...this.unrelated(unrelatedMatches), ...history.at(nowMs() - cacheAgeMs)];
  }

  private unrelated(count: number): ProviderMatch[] {
    const kickoffAtS = Math.floor(this.sources.nowMs() / 1000) - 600;
    return Array.from({ length: count }, (_, index) => {
      const id = `unrelated-${index}`;
      return { id, score: [id, 2, ZERO, ZERO, kickoffAtS, ''] };
    });
  }
}

/** A provider whose clock is wrong understands `time` by that clock. */
function ownTimeS(timeS: number | null, strikes: Strikes): number | null {
  const skew = strikes.get('clock-skew');
  return timeS !== null && skew ? timeS - Math.round(msOf(skew) / 1000) : timeS;
}
