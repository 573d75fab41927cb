import { statusWords } from '../../domain/status-words.js';
import { matchInWords } from '../../score-writer/match-end.errors.js';
import type { MatchEnd } from '../../score-writer/ports/match-end.js';
import type { Action, Look } from './action.js';
import type { BodyFields } from './body-fields.js';

/** `livescore match end`. */
export class EndMatchAction implements Action {
  readonly name = 'end-match';

  constructor(private readonly ending: MatchEnd) {}

  async look(fields: BodyFields): Promise<Look> {
    fields.refuseOthers(['matchId']);
    const matchId = fields.id('matchId');
    const before = await this.ending.look(matchId);
    return {
      summary: `This ends match ${matchId}: ${matchInWords(before)}.`,
      lines: [
        `Its status becomes ${statusWords(8)}, by an operator's word; score, minute and kick-offs stay as they are.`,
        'Clients are told within a second. The feed may open it again only as it may any match that has ended.',
      ],
      isDestructive: true,
      state: [before.version, before.origin?.fingerprint],
      perform: async (word) => {
        const after = await this.ending.end(before, word);
        return { summary: `${matchId} has ended: ${matchInWords(after)}.`, lines: [`Version ${after.version}.`] };
      },
    };
  }
}
