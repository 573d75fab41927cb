import { beforeEach, describe, expect, it } from '@jest/globals';
import { toldGoal } from '../../../test/support/told.js';
import { VirtualScheduler, VirtualTime } from '../../../test/support/virtual-scheduler.js';
import { MatchStatus } from '../../domain/match-status.js';
import { MatchBoard, type RowTaken } from './match-board.js';

const HOUR_MS = 3_600_000;
const BOUNDS = { maxMatches: 10, replayVersions: 4, currentForMs: HOUR_MS };

/** A row as the database has it, with one card. */
function row(matchId: string, statusId: MatchStatus): RowTaken {
  const { version } = toldGoal({ matchId, version: 1 });
  if (!version) throw new Error('A goal has a version');
  const card = { key: 'c', cardType: 'RED', time: 1, team: 'home', playerId: null, playerName: null } as const;
  return {
    matchId,
    position: version.position,
    state: { ...version.state, statusId },
    clock: version.clock,
    beside: { competitionId: 'c1', details: { cards: [card], substitutions: [], predictions: [] } },
  };
}

describe('the board and what strangers ask for', () => {
  let board: MatchBoard;
  const current = () => [...board.current()].map(({ matchId }) => matchId).sort();
  const live = Array.from({ length: BOUNDS.maxMatches }, (_, n) => `live-${n}`).sort();
  const takePast = (matchId: string) => board.takeRow(row(matchId, MatchStatus.Ended), 2 * HOUR_MS);

  beforeEach(() => {
    board = new MatchBoard(BOUNDS, new VirtualScheduler(new VirtualTime()));
    for (const id of live) board.takeRow(row(id, MatchStatus.FirstHalf), 0);
  });

  it('keeps every current match, however many of long ago are asked for', () => {
    for (let n = 0; n < 5 * BOUNDS.maxMatches; n++) takePast(`past-${n}`);
    expect(current()).toEqual(live);
    expect(board.get('past-49')).toMatchObject({ matchId: 'past-49', competitionId: 'c1' });
    expect([...board.matchIds()]).toHaveLength(2 * BOUNDS.maxMatches);
  });

  it('has no news of a match of long ago that is read, as it has of a current one', () => {
    const before = board.revision;
    expect(takePast('past')).toMatchObject({ isFirst: false, details: {} });
    expect(board.revision).toBe(before);
    expect(board.takeRow(row('new', MatchStatus.FirstHalf), 0)).toMatchObject({ isFirst: true });
    expect(board.takeRow(row('ended', MatchStatus.Ended), HOUR_MS / 2)).toMatchObject({ isFirst: true });
    expect(board.revision).toBe(before + 2);
  });

  it('takes a match of long ago among the current ones when it changes, its versions in order', () => {
    takePast('past');
    const { version } = toldGoal({ matchId: 'past', version: 2 });
    if (!version) throw new Error('A goal has a version');
    expect(board.judge('past', version)).toBe('new');
    expect(board.take('past', version)).toMatchObject({ previous: { epoch: 1, version: 1 } });
    expect(current()).toContain('past');
    for (let n = 0; n < 5 * BOUNDS.maxMatches; n++) takePast(`past-${n}`);
    expect(board.get('past')).toMatchObject({ position: { epoch: 1, version: 2 }, competitionId: 'c1' });
    expect([...board.matchIds()].filter((id) => id === 'past')).toHaveLength(1);
  });
});
