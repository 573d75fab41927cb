import type { ListAnswer } from '../provider/ports/provider-lists.js';

/** Does a page name the same ids in the same order as the one before? Then the provider knows of no further pages. */
export class SamePage {
  private before = '';

  isRepeated({ items }: Pick<ListAnswer, 'items'>): boolean {
    const ids = JSON.stringify((items ?? []).map(({ id }) => id));
    const isRepeated = ids === this.before;
    this.before = ids;
    return isRepeated;
  }
}
