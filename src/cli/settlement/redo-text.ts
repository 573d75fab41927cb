import { OPERATOR_WORD_MEANS, type RedoneMatch } from '../../settlement/ports/settlement-desk.js';
import { line } from '../printing.js';

/** What will happen to a match that was made due, for people. */
export function redoneText({ matchId, says, predictions, settled, mode }: RedoneMatch): string {
  return [
    line('match', `${matchId}, ${predictions} predictions, settled up to ${settled}`),
    line(says ?? 'again', OPERATOR_WORD_MEANS[says ?? 'again']),
    line('when', mode === 'off' ? 'not before a mode is set: nobody settles, the mode is off' : whenOf(mode)),
  ].join('\n');
}

function whenOf(mode: string | null): string {
  const where = mode === 'shadow' ? ', in shadow only: results stay as they are' : '';
  return `with the next sweep of the host, within seconds${where}`;
}
