import { element } from './dom.js';
import type { Kind } from './format.js';
import { factElement, step, valueAt } from './painting.js';
import { shown } from './text.js';

/**
 * A column has its title, and what it shows of each entry: a field (empty for the entry itself, left out for its key) as a
 * kind, or what is made by hand, once for each line, as buttons.
 */
export type Column = readonly [title: string, shows?: string | ((key: string) => Node), as?: Kind];

/** A list of facts may be long, and the newest at its end. */
export interface TableOptions {
  readonly isNewestFirst?: boolean;
  readonly most?: number;
}

/**
 * A table of facts has one line for each entry of a list of the facts. Lines stay where they are and only their texts
 * change, so that the focus stays on a button that the next second would otherwise take away.
 */
export class FactTable {
  readonly #body = element('tbody');
  readonly #empty: HTMLElement;
  readonly #table: HTMLElement;
  #keys: readonly string[] = [];

  /** @param path list or record of the facts */
  constructor(
    place: HTMLElement,
    readonly path: string,
    readonly columns: readonly Column[],
    empty: string,
    private readonly options: TableOptions = {},
  ) {
    const heads = columns.map(([title]) => element('th', { scope: 'col' }, title));
    const head = element('thead', {}, element('tr', {}, ...heads));
    this.#table = element('div', { class: 'scroll', tabindex: '0' }, element('table', {}, head, this.#body));
    this.#empty = element('p', { class: 'none' }, empty);
    place.append(this.#table, this.#empty);
  }

  /** Adds and removes lines; their texts come with the painting after it. */
  fit(facts: unknown): void {
    const keys = this.#keysOf(valueAt(facts, this.path));
    this.#empty.hidden = keys.length > 0;
    this.#table.hidden = keys.length === 0;
    const changed = keys.findIndex((key, index) => key !== this.#keys[index]);
    const from = changed === -1 ? keys.length : changed;
    while (this.#body.children.length > from) this.#body.lastElementChild?.remove();
    for (const key of keys.slice(from)) this.#body.append(this.#line(key));
    this.#keys = keys;
  }

  #keysOf(value: unknown): readonly string[] {
    const { isNewestFirst = false, most = Number.POSITIVE_INFINITY } = this.options;
    const keys = value !== null && typeof value === 'object' ? Object.keys(value) : [];
    return (isNewestFirst ? keys.reverse() : keys).slice(0, most);
  }

  #line(key: string): HTMLElement {
    return element('tr', {}, ...this.columns.map((column) => this.#cell(column, key)));
  }

  #cell([, shows, as = 'text']: Column, key: string): HTMLElement {
    const place = `${this.path}.${step(key)}`;
    if (typeof shows === 'function') return element('td', {}, shows(key));
    return element(
      'td',
      {},
      shows === undefined ? shown(key) : factElement(shows === '' ? place : `${place}.${shows}`, as),
    );
  }
}
