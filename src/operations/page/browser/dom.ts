import { shown } from './text.js';

/** A child is an element, a text of the page itself, or nothing. */
export type Child = Node | string | null;

/** Makes an element; attributes that are null are left out. Texts become text nodes: nothing is ever parsed. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | null>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A foreign text in an element of its own, so that its direction ends with it. */
export function foreign(value: unknown): HTMLElement {
  return element('bdi', {}, shown(value));
}

/** @throws Error when the document has no such element: page and script are of one build */
export function byId<Type extends HTMLElement = HTMLElement>(id: string): Type {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found as Type;
}

/** Changes the text only where it is another one: selections and screen readers are left in peace. */
export function setText(target: Node, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** A button of the page. */
export function button(text: string, onClick: () => void, attributes: Readonly<Record<string, string>> = {}) {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', onClick);
  return made;
}
