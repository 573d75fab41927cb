import { describe, expect, it } from '@jest/globals';
import { scoreCommitted, slots } from '../../../test/support/committed-changes.js';
import { STANDARD_TIMES } from '../../contracts/match-times.js';
import { framesOf } from '../ports/client-frames.js';
import { toldOf } from './told-of.js';

const NOW_MS = 1_768_666_890_123;
const telling = { nowMs: NOW_MS, times: STANDARD_TIMES };
const goal = scoreCommitted({ matchId: 'm1', version: 12, home: slots(2) }, [
  { type: 'score-changed', homeScore: 2, awayScore: 1 },
]);

describe('what is told of a commit', () => {
  it('travels with its frames, as JSON', () => {
    const told = JSON.parse(JSON.stringify(toldOf(goal, telling)));
    expect(Object.keys(told)).toEqual(['matchId', 'frames', 'version']);
    expect(told.frames).toEqual(JSON.parse(JSON.stringify(framesOf(goal, NOW_MS))));
    expect(told.version).toMatchObject({ position: { version: 12 }, state: { matchId: 'm1', homeScore: 2 } });
  });

  it('says that it is told again, and what it continues where that is another position', () => {
    const previous = { epoch: 1, version: 9 };
    const told = toldOf(goal, telling, { again: true, previous });
    expect([told.again, told.version?.previous]).toEqual([true, previous]);
  });
});
