import { OPERATOR_WORD_MEANS, OPERATOR_WORDS, type SettlementDesk } from '../../settlement/ports/settlement-desk.js';
import { RefusedError } from '../operations.errors.js';
import type { Action, Look } from './action.js';
import type { BodyFields } from './body-fields.js';

const NOT_FOUND = 404;

/** `livescore settlement redo`. */
export class SettlementAction implements Action {
  readonly name = 'settlement';

  constructor(private readonly desk: SettlementDesk) {}

  async look(fields: BodyFields): Promise<Look> {
    fields.refuseOthers(['matchId', 'says']);
    const matchId = fields.id('matchId');
    const says = fields.oneOf('says', [...OPERATOR_WORDS, null]);
    const found = await this.desk.look(matchId);
    if (!found) throw nothingSettled(matchId);
    const { predictions, settled, mode } = found;
    const when =
      mode === 'off'
        ? 'Not before a mode is set: nobody settles, the mode is off.'
        : 'With the next sweep of the host, within seconds.';
    return {
      summary: `Match ${matchId}: ${OPERATOR_WORD_MEANS[says ?? 'again']}.`,
      lines: [`${predictions} predictions, settled up to version ${settled}.`, when],
      isDestructive: true,
      state: settled,
      perform: async ({ by, reason }) => {
        const redone = await this.desk.redo(matchId, says === null ? null : { says, by, reason });
        if (!redone) throw nothingSettled(matchId);
        return { summary: `${matchId} is due: ${OPERATOR_WORD_MEANS[says ?? 'again']}.`, lines: [when] };
      },
    };
  }
}

function nothingSettled(matchId: string): RefusedError {
  const message = `match ${matchId} has no settled predictions: nothing was done`;
  return new RefusedError(NOT_FOUND, 'LIVESCORE_NOTHING_SETTLED', message);
}
