import type { DeadLetterAnswer, DeadLettersAnswer, LetterStored, OperationsFacts } from '../../facts.js';
import type { ActionForm } from './action-dialog.js';
import { button, byId, element, foreign } from './dom.js';
import { written } from './format.js';
import { ask } from './host.js';
import { failureText } from './request-failure.js';
import { FactTable } from './rows.js';
import { actionButton, type Desk, offer, type Part, readingNote } from './section.js';
import { shownLines } from './text.js';

const STORED = 'stored.deadLetters';

const TOTALS = [
  ['Reason', 'reason'],
  ['Letters', 'letters', 'count'],
  ['Size', 'bytes', 'bytes'],
  ['Marked again', 'waiting', 'count'],
] as const;

/** Dead letters: how many by reason, the list on request, each with its message, and another attempt. */
export class Letters implements Part {
  readonly #totals: FactTable;
  readonly #list = element('div');
  readonly #more: HTMLButtonElement;
  #body: HTMLElement | null = null;
  #actions: readonly string[] = [];
  #last: string | null = null;

  constructor(private readonly desk: Desk) {
    const place = byId('letters-body');
    place.append(readingNote(STORED));
    this.#totals = new FactTable(place, `${STORED}.value`, TOTALS, 'no letter is kept');
    this.#more = button('Older ones', () => void this.#load(false));
    this.#more.hidden = true;
    const buttons = element(
      'div',
      { class: 'actions' },
      button('List the newest', () => void this.#load(true)),
      this.#more,
    );
    buttons.append(actionButton(desk, 'Try all again', () => redriveForm('all letters', { all: true })));
    place.append(this.#list, buttons);
  }

  take(facts: OperationsFacts): void {
    this.#actions = facts.actions;
    this.#totals.fit(facts);
  }

  async #load(isFirst: boolean): Promise<void> {
    try {
      const query = isFirst || this.#last === null ? '' : `?before=${encodeURIComponent(this.#last)}`;
      const { letters } = await ask<DeadLettersAnswer>(`dead-letters${query}`);
      if (isFirst) this.#begin(letters.length > 0);
      this.#body?.append(...letters.map((letter) => this.#line(letter)));
      this.#last = letters.at(-1)?.id ?? this.#last;
      this.#more.hidden = letters.length === 0;
      offer(this.#actions);
    } catch (error) {
      this.#list.append(element('p', { class: 'error' }, failureText(error)));
    }
  }

  #begin(isAny: boolean): void {
    const heads = ['Received at', 'Reason', 'Detail', 'Match', 'Attempts', ''].map((title) =>
      element('th', { scope: 'col' }, title),
    );
    this.#body = element('tbody');
    const table = element('table', {}, element('thead', {}, element('tr', {}, ...heads)), this.#body);
    this.#list.replaceChildren(
      isAny
        ? element('div', { class: 'scroll', tabindex: '0' }, table)
        : element('p', { class: 'none' }, 'no letter is kept'),
    );
  }

  #line(letter: LetterStored): HTMLElement {
    const { id, receivedAtMs, reason, detail, matchId, redrives, isWaiting } = letter;
    const again = actionButton(this.desk, 'Try again', () => redriveForm(`letter ${id}`, { id }), true);
    const read = button('Read', () => void this.#read(id), { class: 'small' });
    const cells = [
      written(receivedAtMs, 'time'),
      foreign(reason),
      foreign(detail ?? ''),
      foreign(matchId ?? ''),
      `${redrives}${isWaiting ? ', marked again' : ''}`,
      element('span', {}, read, again),
    ];
    return element('tr', {}, ...cells.map((cell) => element('td', {}, cell)));
  }

  async #read(id: string): Promise<void> {
    try {
      const letter = await ask<DeadLetterAnswer>(`dead-letters/${encodeURIComponent(id)}`);
      const { topic, reason, detail, bytes, text, isTextWhole } = letter;
      const about = element(
        'p',
        {},
        foreign(topic),
        ', ',
        foreign(reason),
        ', ',
        foreign(detail ?? 'no detail'),
        `, ${bytes} bytes`,
      );
      const payload = element('pre', { tabindex: '0' }, element('bdi', {}, shownLines(text)));
      const cut = isTextWhole ? [] : [element('p', { class: 'note' }, 'The beginning only: the message is longer.')];
      this.desk.dialog.show(`Dead letter ${id}`, about, payload, ...cut);
    } catch (error) {
      this.desk.dialog.show(`Dead letter ${id}`, element('p', { class: 'error' }, failureText(error)));
    }
  }
}

function redriveForm(what: string, fixed: ActionForm['fixed'] = {}): ActionForm {
  return { action: 'redrive', title: `Try ${what} again`, fields: [], fixed };
}
