import type { Pin, RolloutReads } from '../../rollout/ports/rollout-reads.js';
import type { StageChanges } from '../../rollout/stage-changes.service.js';
import { RefusedError } from '../operations.errors.js';
import type { Action, Look } from './action.js';
import type { BodyFields } from './body-fields.js';
import { needMatches } from './known-matches.js';

const NOT_FOUND = 404;

/** `livescore pin`. */
export class PinAction implements Action {
  readonly name = 'pin';

  constructor(
    private readonly changes: StageChanges,
    private readonly reads: RolloutReads,
  ) {}

  async look(fields: BodyFields): Promise<Look> {
    fields.refuseOthers(['matchId', 'route', 'anyway']);
    const matchId = fields.id('matchId');
    const route = fields.oneOf('route', ['legacy', 'direct', null]);
    if (route === 'legacy') await this.changes.needLegacyPath();
    if (route !== null && !fields.flag('anyway')) await needMatches(this.reads, [matchId]);
    const present = await this.reads.pinOf(matchId);
    if (route === null && present === null) throw notPinned(matchId);
    return {
      summary:
        route === null
          ? `Match ${matchId} is pinned no more: the stage decides again.`
          : `Match ${matchId} is pinned: ${route}.`,
      lines: [presentText(present), 'It is in force on every host within a second. Only the kill switch is stronger.'],
      isDestructive: false,
      state: present && [present.route, present.atMs],
      perform: async ({ by, reason }) => {
        if (!(await this.changes.pin(matchId, route, by, reason))) throw notPinned(matchId);
        return {
          summary: route === null ? `${matchId} is pinned no more.` : `${matchId} is pinned: ${route}.`,
          lines: [],
        };
      },
    };
  }
}

function presentText(pin: Pin | null): string {
  if (pin === null) return 'It is not pinned now.';
  return `It is pinned now: ${pin.route}, by ${pin.by}${pin.reason === null ? '' : `: ${pin.reason}`}.`;
}

function notPinned(matchId: string): RefusedError {
  return new RefusedError(NOT_FOUND, 'LIVESCORE_NO_PIN', `match ${matchId} is not pinned: nothing was done`);
}
