import type { ActionName, ActionPreview, OperationsFacts } from '../../facts.js';
import { button, byId, element, setText } from './dom.js';
import type { Field } from './field.js';
import { FormField } from './form-field.js';
import { perform, preview } from './host.js';
import { failureText } from './request-failure.js';
import { shown } from './text.js';

/** A change that the page offers. */
export interface ActionForm {
  readonly action: ActionName;
  readonly title: string;
  readonly fields: readonly Field[];
  /** what the body has beside the fields */
  readonly fixed?: Readonly<Record<string, unknown>>;
}

const WHY: Field = { name: 'reason', label: 'Why, for the history', type: 'text', most: 500, isRequired: true };
const WHO: Field = { name: 'by', label: 'Who you are', type: 'text', most: 100, isRequired: true };

/**
 * The dialog asks for who and why, shows what will happen, and asks again: filled in → (preview) → agreed → (perform) → done.
 * A field that is changed after the preview leads back to the first step. Nothing is done without a preview.
 */
export class ActionDialog {
  readonly #dialog = byId<HTMLDialogElement>('dialog');
  #facts: OperationsFacts | null = null;
  /** as long as the page is open */
  #who = '';

  know(facts: OperationsFacts): void {
    this.#facts = facts;
  }

  open(form: ActionForm): void {
    const isKnown = (this.#facts?.actor ?? null) !== null;
    const fields = [...form.fields, ...(isKnown ? [] : [{ ...WHO, value: this.#who }]), WHY].map(
      (one) => new FormField(one),
    );
    const title = element('h2', { id: 'dialog-title' }, form.title);
    const told = element('div', { class: 'preview', role: 'status', tabindex: '-1', hidden: '' });
    const error = element('p', { class: 'error', role: 'alert' });
    const go = element('button', { class: 'main' }, 'What will happen');
    const cancel = button('Cancel', () => this.#dialog.close());
    const sheet = element(
      'form',
      {},
      ...fields.map(({ label }) => label),
      told,
      error,
      element('div', { class: 'actions' }, go, cancel),
    );
    let agreed: ActionPreview | null = null;
    const back = () => {
      agreed = null;
      told.hidden = true;
      setText(go, 'What will happen');
      go.className = 'main';
    };
    const forward = async () => {
      const body = { ...form.fixed, ...Object.assign({}, ...fields.map((field) => field.part())) };
      this.#who = typeof body.by === 'string' ? body.by : this.#who;
      const token = this.#facts?.token ?? '';
      if (agreed) {
        const done = await perform(form.action, token, { ...body, expected: agreed.expected });
        this.#show(told, done);
        for (const part of [...fields.map(({ label }) => label), go]) part.remove();
        setText(cancel, 'Close');
        cancel.focus();
        return;
      }
      agreed = await preview(form.action, token, body);
      this.#show(told, agreed);
      setText(go, agreed.isDestructive ? 'Yes, do it' : 'Do it');
      go.className = agreed.isDestructive ? 'danger' : 'main';
      told.focus();
    };
    sheet.addEventListener('input', back);
    sheet.addEventListener('submit', (event) => {
      event.preventDefault();
      setText(error, '');
      go.disabled = true;
      void forward()
        .catch((failure: unknown) => {
          back();
          setText(error, failureText(failure));
        })
        .finally(() => {
          go.disabled = false;
        });
    });
    this.#dialog.replaceChildren(title, sheet);
    this.#dialog.showModal();
  }

  /** Shows something to read, with a button to close it. */
  show(title: string, ...content: readonly Node[]): void {
    const close = button('Close', () => this.#dialog.close());
    this.#dialog.replaceChildren(
      element('h2', { id: 'dialog-title' }, shown(title)),
      ...content,
      element('div', { class: 'actions' }, close),
    );
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  #show(place: HTMLElement, { summary, lines }: { readonly summary: string; readonly lines: readonly string[] }): void {
    const list = element('ul', {}, ...lines.map((line) => element('li', {}, element('bdi', {}, shown(line)))));
    place.replaceChildren(element('strong', {}, element('bdi', {}, shown(summary))), list);
    list.hidden = lines.length === 0;
    place.hidden = false;
  }
}
