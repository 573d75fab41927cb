import { button } from './dom.js';
import type { Desk } from './section.js';

/** A button that shows why the score of a match is what it is. */
export function explainButton(desk: Desk, matchId: () => string | undefined): HTMLButtonElement {
  return button(
    'Why',
    () => {
      const id = matchId();
      if (id !== undefined) desk.explain(id);
    },
    { class: 'small' },
  );
}
