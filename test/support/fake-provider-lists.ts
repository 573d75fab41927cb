import { type ListAnswer, type ListRequest, ProviderLists } from '../../src/provider/ports/provider-lists.js';

/** What the stand-in answers: entries, or what is thrown. */
export type Said = Partial<ListAnswer> | Error;

/** A provider of lists that says what it is told to say. */
export class FakeProviderLists extends ProviderLists {
  override readonly enabled = true;
  readonly asked: ListRequest[] = [];

  /** @param say called for each request */
  constructor(
    public say: (request: ListRequest) => Said,
    private readonly nowMs: () => number = () => 1_768_662_000_000,
  ) {
    super();
  }

  override async ask(request: ListRequest): Promise<ListAnswer> {
    const requestedAtMs = this.nowMs();
    this.asked.push(request);
    const said = this.say(request);
    if (said instanceof Error) throw said;
    return { items: [], groups: new Map(), extra: new Map(), refused: 0, requestedAtMs, ...said };
  }

  /** `params` of the requests for an endpoint. */
  params(endpoint: string) {
    return this.asked.filter((request) => request.endpoint === endpoint).map(({ params }) => params);
  }
}
