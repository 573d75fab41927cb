import { describe, expect, it } from '@jest/globals';
import { logFields } from './log-fields.js';

describe('fields of a log line', () => {
  it('show what would turn, hide or end the line', () => {
    const id = 'a\u202eb\u2028c\u200bd\u001b[2J';
    const shown = 'a\\u202eb\\u2028c\\u200bd\\u001b[2J';
    const error = new Error('as it is');
    expect(logFields({ id, list: [id, 1], inside: { id, nothing: null }, error, count: 3 })).toEqual({
      id: shown,
      list: [shown, 1],
      inside: { id: shown, nothing: null },
      error: expect.stringMatching(/^Error: as it is \(at .+\)$/),
      count: 3,
    });
  });

  it('leave other scripts and signs alone', () => {
    const fields = { team: 'Fenerbahçe – Beşiktaş ⚽', other: '東京' };
    expect(logFields(fields)).toEqual(fields);
  });
});
