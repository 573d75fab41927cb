import { line } from '../printing.js';
import type { RedoneMatch } from './redo.js';

const MEANS = {
  played: 'the match counts as played: its end decides what is open',
  void: 'what is undecided becomes void; what was decided stands, for good',
  accept: 'the newest version counts as confirmed',
  again: 'its versions are folded again from the first one; a verdict that differs becomes a revision',
} as const;

/** What will happen to a match that was made due, for people. */
export function redoneText({ matchId, says, predictions, settled, mode }: RedoneMatch): string {
  return [
    line('match', `${matchId}, ${predictions} predictions, settled up to ${settled}`),
    line(says ?? 'again', MEANS[says ?? 'again']),
    line('when', mode === 'off' ? 'not before a mode is set: nobody settles, the mode is off' : whenOf(mode)),
  ].join('\n');
}

function whenOf(mode: string | null): string {
  const where = mode === 'shadow' ? ', in shadow only: results stay as they are' : '';
  return `with the next sweep of the host, within seconds${where}`;
}
