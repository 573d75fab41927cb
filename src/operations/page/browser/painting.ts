import { element, setText } from './dom.js';
import { type Kind, written } from './format.js';

/** One step of a path: a key that has dots of its own is still one step. */
export function step(key: string): string {
  return encodeURIComponent(key).replaceAll('.', '%2E');
}

/** The value at a path like `health.feed.state`; undefined where there is none. */
export function valueAt(facts: unknown, path: string): unknown {
  let value: unknown = facts;
  for (const part of path.split('.')) {
    if (value === null || typeof value !== 'object') return undefined;
    const key = decodeURIComponent(part);
    value = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value;
}

const FACT = /\{([^ }]+) ?(\w*)\}/;

/**
 * Words of the page with facts between them: `{path kind}`, under a common path. A path that begins with a slash is a whole
 * one.
 */
export function sentence(text: string, under = ''): readonly (Node | string)[] {
  const parts = text.split(FACT);
  return parts.flatMap((part, index): (Node | string)[] => {
    if (index % 3 === 0) return part === '' ? [] : [part];
    if (index % 3 === 2) return [];
    const kind = parts[index + 1] || 'text';
    return [factElement(part.startsWith('/') ? part.slice(1) : `${under}${part}`, kind as Kind)];
  });
}

/** An element that shows one fact, and says which. */
export function factElement(path: string, kind: Kind): HTMLElement {
  return element('bdi', { 'data-fact': path, 'data-as': kind });
}

/**
 * Writes every fact into the elements that name it: what the page shows is what the host said, and nothing else. Elements
 * that need a section (`data-needs`) are there with it only.
 */
export function paint(facts: unknown, root: ParentNode = document): void {
  for (const target of root.querySelectorAll<HTMLElement>('[data-fact]')) {
    const { fact = '', as = 'text' } = target.dataset;
    const value = valueAt(facts, fact);
    setText(target, written(value, as as Kind));
    if (target.hasAttribute('data-state')) target.dataset.state = String(value ?? 'unknown');
  }
  for (const target of root.querySelectorAll<HTMLElement>('[data-needs]')) {
    target.hidden = (target.dataset.needs ?? '').split(' ').every((path) => (valueAt(facts, path) ?? null) === null);
  }
}
