import { type ListAnswer, type ListRequest, ProviderLists } from '../../src/provider/ports/provider-lists.js';
import { ProviderError, type ProviderFailure } from '../../src/provider/provider.errors.js';

export type Item = Readonly<Record<string, unknown>>;

/** Lists of a provider in memory, page by page; what goes wrong is said page by page, too. */
export class ListedEntities extends ProviderLists {
  override readonly enabled = true;
  readonly asked: ListRequest[] = [];
  items: Item[] = [];
  pageSize = 3;
  /** called before each answer, with the number of the request from 1: may change the items, or throw */
  before: (request: ListRequest, n: number) => void | Promise<void> = () => undefined;
  /** changes an answer on its way */
  through: (answer: ListAnswer, request: ListRequest, n: number) => ListAnswer = (answer) => answer;

  constructor(private readonly nowMs: () => number = Date.now) {
    super();
  }

  override async ask(request: ListRequest): Promise<ListAnswer> {
    this.asked.push(request);
    const n = this.asked.length;
    const requestedAtMs = this.nowMs();
    await this.before(request, n);
    const { page = 1, time, team_id: id } = request.params ?? {};
    const since = this.items.filter(({ updated_at: at }) => time === undefined || Number(at) >= Number(time));
    const from = (Number(page) - 1) * this.pageSize;
    const items = id === undefined ? since.slice(from, from + this.pageSize) : since.filter((item) => item.id === id);
    return this.through({ items, groups: new Map(), extra: new Map(), refused: 0, requestedAtMs }, request, n);
  }

  /** pages asked for since, with the lower bound where there was one */
  get pages(): readonly string[] {
    return this.asked.map(
      ({ params = {} }) => `${params.page}${params.time === undefined ? '' : ` since ${params.time}`}`,
    );
  }
}

export function refusal(failure: ProviderFailure, retryAtMs?: number): ProviderError {
  return new ProviderError(failure, 'as the spec says', { endpoint: '/list', ...(retryAtMs && { retryAtMs }) });
}
