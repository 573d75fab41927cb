import { describe, expect, it } from '@jest/globals';
import { emptyMatch } from '../../../domain/empty-match.js';
import type { ScoreWrite } from '../../ports/score-store.js';
import { bind } from './score-statement.js';

const write: ScoreWrite = {
  expectedVersion: 0,
  next: emptyMatch('m'),
  source: 'mqtt',
  catchUp: false,
  goalIncidents: null,
  receivedAtMs: 0,
  atS: 0,
};

// The text is tuned, and PostgreSQL plans it by its shape: a difference here is to be meant.
describe('the text of the score statement', () => {
  it.each([
    ['one change', [write]],
    ['many changes', [write, write]],
  ])('of %s is this', (_what, writes) => {
    expect(bind(writes, null, null).statement.text).toMatchSnapshot();
  });
});
