import { Injectable } from '@nestjs/common';
import { type ListAnswer, type ListRequest, ProviderLists } from '../../ports/provider-lists.js';
import { decodeList } from './list-answer.js';
import { ProviderHttp } from './provider-http.js';

/** The lists of the provider over HTTP. Each call is one request. */
@Injectable()
export class HttpProviderLists extends ProviderLists {
  constructor(private readonly http: ProviderHttp) {
    super();
  }

  override get enabled(): boolean {
    return this.http.enabled;
  }

  override ask(request: ListRequest): Promise<ListAnswer> {
    return this.http.ask(request, ({ body, requestedAtMs }) => ({
      ...decodeList(body, request.endpoint),
      requestedAtMs,
    }));
  }
}
