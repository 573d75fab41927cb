import { element } from './dom.js';
import type { Field } from './field.js';
import { shown } from './text.js';

type Control = HTMLInputElement | HTMLSelectElement;

/** One field with its label. */
export class FormField {
  readonly label: HTMLLabelElement;
  readonly #control: Control;

  constructor(private readonly field: Field) {
    this.#control = controlOf(field);
    const { type, label } = field;
    this.label =
      type === 'check' ? element('label', {}, this.#control, ` ${label}`) : element('label', {}, label, this.#control);
  }

  /** What the field adds to the body. */
  part(): Readonly<Record<string, unknown>> {
    const { name, type, value = '', onlyChanged, isRequired, isAlwaysSent, read } = this.field;
    if (this.#control instanceof HTMLInputElement && type === 'check')
      return this.#control.checked ? { [name]: true } : {};
    const text = this.#control.value.trim();
    if (onlyChanged ? text === value : text === '' && !isRequired && !isAlwaysSent) return {};
    if (type === 'number' && text === '') return {};
    return { [name]: read ? read(text) : type === 'number' ? Number(text) : text };
  }
}

function controlOf({ name, type, value = '', choices = [], most, isRequired }: Field): Control {
  const required = isRequired ? '' : null;
  if (type === 'select') {
    const options = choices.map(([key, words]) =>
      element('option', { value: key, selected: key === value ? '' : null }, shown(words)),
    );
    return element('select', { name, required }, ...options);
  }
  if (type === 'check') return element('input', { name, type: 'checkbox' });
  const bound = most === undefined ? null : String(most);
  const limits: Record<string, string | null> =
    type === 'number' ? { type, min: '0', max: bound, inputmode: 'numeric' } : { type, maxlength: bound };
  return element('input', { name, required, value, autocomplete: 'off', ...limits });
}
