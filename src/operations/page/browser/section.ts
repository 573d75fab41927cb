import type { OperationsFacts } from '../../facts.js';
import type { ActionDialog, ActionForm } from './action-dialog.js';
import { button, element } from './dom.js';
import { sentence } from './painting.js';

/** A part of the page takes the facts of each second. */
export interface Part {
  take(facts: OperationsFacts): void;
}

/** What parts of the page may do. */
export interface Desk {
  readonly dialog: ActionDialog;
  /** shows why the score of a match is what it is */
  explain(matchId: string): void;
}

/** A button for a change; it is there only while the host offers the change. */
export function actionButton(desk: Desk, text: string, form: () => ActionForm, isSmall = false): HTMLButtonElement {
  const made = button(text, () => desk.dialog.open(form()), { class: isSmall ? 'small' : '' });
  made.dataset.action = form().action;
  return made;
}

/** Shows and hides the buttons of changes. */
export function offer(actions: readonly string[]): void {
  for (const made of document.querySelectorAll<HTMLElement>('[data-action]')) {
    made.hidden = !actions.includes(made.dataset.action ?? '');
  }
}

/** When a section was read from the database, and why not lately. */
export function readingNote(path: string): HTMLElement {
  const old = element('span', { 'data-needs': `${path}.error` }, ...sentence(', old because of {error}', `${path}.`));
  return element('p', { class: 'note' }, ...sentence('as of {asOfMs time}', `${path}.`), old);
}

/** Names, each with a sentence of facts. */
export function factList(under: string, lines: Readonly<Record<string, string>>): HTMLElement {
  const parts = Object.entries(lines).flatMap(([title, text]) => [
    element('dt', {}, title),
    element('dd', {}, ...sentence(text, `${under}.`)),
  ]);
  return element('dl', {}, ...parts);
}

/** A part of a section, with its heading. */
export function headed(place: HTMLElement, title: string, needs: string | null = null): HTMLElement {
  const part = element('div', { 'data-needs': needs }, element('h3', {}, title));
  place.append(part);
  return part;
}
