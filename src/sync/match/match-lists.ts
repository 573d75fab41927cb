import { Injectable } from '@nestjs/common';
import type { ListAnswer } from '../../provider/ports/provider-lists.js';
import { PageReader } from '../entity/page-reader.js';
import type { JobRun } from '../job-run.js';

const PAGE_TIMEOUT_MS = 30_000;

/** A page with its entries, the end of the list, or why neither can be said. */
export type MatchPage =
  | { readonly kind: 'page'; readonly answer: ListAnswer }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly error: string };

/** Reads lists of fixtures page by page. An answer without results is no end of a list. */
@Injectable()
export class MatchLists {
  constructor(private readonly reader: PageReader) {}

  /** Never rejects. */
  async page(endpoint: string, params: Readonly<Record<string, string | number>>, run: JobRun): Promise<MatchPage> {
    const { signal } = run;
    const read = await this.reader.read({ endpoint, params, priority: 'schedule', timeoutMs: PAGE_TIMEOUT_MS, signal });
    if (read.kind === 'failed') return read;
    if (read.kind === 'no-results') return { kind: 'failed', error: `${endpoint}: the answer has no results` };
    const { answer } = read;
    return read.items.length + answer.refused === 0 ? { kind: 'end' } : { kind: 'page', answer };
  }
}
