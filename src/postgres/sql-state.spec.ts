import { classify, neverReached } from './sql-state.js';

const failure = (code?: string): Error => Object.assign(new Error('no'), code ? { code } : {});

describe('a failed statement', () => {
  it.each([
    ['21000', 'permanent'],
    ['22003', 'permanent'],
    ['23514', 'permanent'],
    ['38000', 'permanent'],
    ['39P01', 'permanent'],
    ['54001', 'permanent'],
    ['P0001', 'permanent'],
    ['42P01', 'unprepared'],
    ['0A000', 'transient'],
    ['40P01', 'transient'],
    ['53300', 'transient'],
    ['57014', 'transient'],
    ['57P01', 'transient'],
    ['XX000', 'transient'],
    ['ECONNRESET', 'transient'],
    [undefined, 'transient'],
  ])('%s is %s', (code, kind) => {
    expect(classify(failure(code))).toBe(kind);
  });

  it('never reached the database when it was refused before it was sent', () => {
    expect(neverReached(failure('ECONNREFUSED'))).toBe(true);
    expect(neverReached(failure('57014'))).toBe(false);
  });
});
