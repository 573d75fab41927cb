import type { LetterDesk, LetterSelection } from '../../dead-letters/ports/letter-desk.js';
import { LiveScoreError } from '../../kernel/livescore.errors.js';
import { letterId, letterReason } from '../letter-answers.js';
import type { Action, Look } from './action.js';
import { type BodyFields, invalidField } from './body-fields.js';

const CHOICES = ['id', 'matchId', 'letterReason', 'all'] as const;

/** `livescore dead-letters redrive`. */
export class RedriveAction implements Action {
  readonly name = 'redrive';

  constructor(private readonly desk: LetterDesk) {}

  async look(fields: BodyFields): Promise<Look> {
    fields.refuseOthers(CHOICES);
    const selection = selectionIn(fields);
    const totals = await this.desk.totals(selection);
    const count = totals.reduce((sum, { letters }) => sum + letters, 0);
    if (count === 0) throw new LiveScoreError('LIVESCORE_NO_LETTER', 'no dead letter matches: nothing was done');
    return {
      summary: `${lettersText(count)} will be tried again by the host that takes the feed.`,
      lines: [
        ...totals.map(({ reason, letters, bytes }) => `${reason}: ${lettersText(letters)}, ${bytes} bytes`),
        'Those that succeed are written to their rows and deleted; the others stay.',
      ],
      isDestructive: count > 1,
      // letters come and go: what was agreed to is the choice
      state: null,
      perform: async () => {
        const { ids } = await this.desk.mark(selection);
        return {
          summary: `${lettersText(ids.length)} marked.`,
          lines: ['The host that takes the feed tries them within seconds; without one they wait.'],
        };
      },
    };
  }
}

function selectionIn(fields: BodyFields): LetterSelection {
  const [choice, ...others] = CHOICES.filter((name) => fields.has(name));
  if (choice === undefined || others.length > 0)
    throw invalidField('the choice', 'one of id, matchId, letterReason or all');
  if (choice === 'matchId') return { matchId: fields.id('matchId') };
  if (choice === 'id') return { id: fields.read('id', (value) => letterId('id', value)) };
  if (choice === 'letterReason') {
    return { reason: fields.read('letterReason', (value) => letterReason('letterReason', value)) };
  }
  if (!fields.flag('all')) throw invalidField('all', 'true');
  return {};
}

function lettersText(count: number): string {
  return count === 1 ? '1 letter' : `${count} letters`;
}
