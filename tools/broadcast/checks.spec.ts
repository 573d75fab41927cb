import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Asked } from './checks/asked.js';
import { ClaimedSteps } from './checks/claimed-steps.js';
import { noCounts } from './checks/client-counts.js';
import { contentOf, shownText, wholeText } from './checks/content.js';
import { Findings } from './checks/findings.js';
import { type Fields, FrameSchemas } from './checks/frame-schemas.js';
import { parsePosition } from './checks/position.js';
import { ProtocolRules } from './checks/protocol-rules.js';
import { FrameReader } from './checks/read-frame.js';
import { ShownRules } from './checks/shown-rules.js';
import { judgeRepeats, SilentRules } from './checks/silent-rules.js';
import { ToldVersions, type TrueVersion } from './checks/told-versions.js';
import type { Judged } from './clients/crew-questions.js';
import { untilCurrent } from './clients/until-current.js';
import { summarize } from './report.js';

const SCHEMAS = FrameSchemas.read(fileURLToPath(new URL('../../docs/protocol', import.meta.url)));
const NOW = 1_700_000_000_000;

/** The home side has scored as often as the version says. */
const stateOf = (version: number) => ({
  status: 4,
  home: [version, 0, 0, 0, 0, 0, 0],
  away: [0, 0, 0, 0, 0, 0, 0],
  kickoffs: [100, 200, null],
});
const clock = {
  period: 'second-half',
  startedAt: 200,
  baseSeconds: 2_700,
  normalSeconds: 2_700,
  addedAnnouncedMinutes: null,
  running: true,
  estimated: false,
};

function proven(position: string, matchId = 'm') {
  const { version } = parsePosition(position) ?? { version: 0 };
  const { status: statusId, home, away } = stateOf(version);
  const kickoffs = { firstHalf: 100, secondHalf: 200, overtime: null };
  const scores = { home, away };
  const shown = { homeScore: version, awayScore: 0 };
  return { matchId, position, statusId, ...shown, scores, kickoffs, source: 'mqtt', receivedAt: NOW };
}

const change = (previous: string, position: string, more: Fields = {}) => ({
  type: 'CHANGE',
  ...proven(position),
  previous,
  clock,
  events: [],
  committedAt: NOW,
  timestamp: NOW,
  ...more,
});
const viewOf = (position: string, matchId = 'm') => ({
  ...proven(position, matchId),
  competitionId: null,
  clock,
  cards: [],
  substitutions: [],
  predictions: [],
});
const snapshot = (id: string, recovered: boolean, ...positions: readonly string[]) => ({
  type: 'SNAPSHOT',
  id,
  recovered,
  matches: positions.map((position) => viewOf(position)),
  unknown: [],
  timestamp: NOW,
});
const unasked = (position: string, recovered = true) => ({ ...snapshot('', recovered, position), id: undefined });
const clockFrame = (position: string) => ({ type: 'CLOCK', matchId: 'm', position, clock, timestamp: NOW });
const welcome = { type: 'WELCOME', protocol: 2, pingIntervalMs: 15_000, timestamp: NOW };
const scoreChange = (version: number, more: Fields = {}) => ({
  type: 'SCORE_CHANGE',
  matchId: 'm',
  homeScore: version,
  awayScore: 0,
  minute: 60,
  statusId: 4,
  optimistic: { homeScore: version, awayScore: 0, minute: 60, minuteText: "60'", statusId: 4 },
  version,
  epoch: 0,
  source: 'mqtt',
  receivedAt: NOW,
  clock,
  timestamp: NOW,
  ...more,
});

const journalOf = (text: (version: number) => string, ...versions: readonly number[]): readonly TrueVersion[] =>
  versions.map((version) => ({ matchId: 'm', epoch: 0, version, text: text(version) }));
const provenText = (version: number) => wholeText(contentOf(stateOf(version)));
const pageText = (version: number) => shownText(stateOf(version));

let findings: Findings;
let reader: FrameReader;
let versions: { proven: ToldVersions; shown: ToldVersions };
let claimed: ClaimedSteps;

beforeEach(() => {
  findings = new Findings();
  versions = { proven: new ToldVersions(findings), shown: new ToldVersions(findings) };
  reader = new FrameReader(SCHEMAS, versions, findings);
  claimed = new ClaimedSteps();
});

const found = () => findings.found().examples.map(({ kind, text }) => `${kind}: ${text}`);
const read = (frame: unknown) => {
  const known = reader.read(typeof frame === 'string' ? frame : JSON.stringify(frame));
  if (!known) throw new Error('no frame');
  return known;
};

function rulesOf(wants: (matchId: string) => boolean = () => true): ProtocolRules {
  return new ProtocolRules('client', wants, findings, (step) => claimed.note(step));
}

const question = (id: string, more: Partial<Asked> = {}): Asked => ({
  id,
  since: new Map(),
  forged: new Set(),
  replay: false,
  strangers: new Set(),
  ...more,
});
const since = (position: string) => ({ since: new Map([['m', parsePosition(position) ?? { epoch: 0, version: 0 }]]) });

/** Plays frames to a client that asked once, and once more from `resume` on a new connection. */
function play(
  frames: readonly unknown[],
  resume?: { readonly asked: Partial<Asked>; readonly frames: readonly unknown[] },
) {
  const rules = rulesOf();
  rules.connected({ asksByAddress: true });
  rules.subscribes(question('1'));
  for (const frame of [welcome, ...frames]) rules.take(read(frame));
  if (resume) {
    rules.connected({ asksByAddress: true });
    rules.subscribes(question('2', resume.asked));
    for (const frame of [welcome, ...resume.frames]) rules.take(read(frame));
  }
  rules.quiet();
  return rules;
}

describe('the rules of protocol 2', () => {
  it('accept a client that is told everything, resumes, and is told the rest', () => {
    const rules = play([snapshot('1', true, '0.3'), change('0.3', '0.4'), change('0.4', '0.5'), clockFrame('0.5')], {
      asked: since('0.5'),
      frames: [snapshot('2', true, '0.8'), change('0.8', '0.9')],
    });
    expect(found()).toEqual([]);
    expect(rules.held.get('m')).toEqual({ epoch: 0, version: 9 });
    expect(rules.counts).toMatchObject({ changes: 3, snapshots: 2, recovered: 1, gapsTold: 0 });
  });

  it('accept what is left out because the client has it, and a gap that is told', () => {
    const rules = play([snapshot('1', true, '0.3')], {
      asked: since('0.3'),
      frames: [snapshot('2', true), change('0.3', '0.4'), change('0.6', '0.7')],
    });
    expect(found()).toEqual([]);
    expect(rules.counts.gapsTold).toBe(1);
  });

  it('accept missed changes one by one, beside the newest state and without it', () => {
    const again = { replayed: true };
    const changes = [change('0.3', '0.4', again), change('0.4', '0.5', again), change('0.5', '0.6')];
    play([snapshot('1', true, '0.3')], {
      asked: { ...since('0.3'), replay: true },
      frames: [snapshot('2', true, '0.5'), ...changes],
    });
    play([snapshot('1', true, '0.3')], {
      asked: { ...since('0.3'), replay: true },
      frames: [snapshot('2', true), ...changes],
    });
    expect(found()).toEqual([]);
  });

  it('accept the same position restated, and a position that nobody has answered anew', () => {
    play([snapshot('1', true, '0.3'), change('0.3', '0.3', { restated: true })], {
      asked: { ...since('7.3'), forged: new Set(['m']) },
      frames: [snapshot('2', false, '0.3')],
    });
    expect(found()).toEqual([]);
  });

  it('accept a snapshot that nobody asked for, before the first change of a match and after it', () => {
    play([snapshot('1', true), unasked('0.3'), change('0.3', '0.4'), unasked('0.4'), change('0.4', '0.5')]);
    expect(found()).toEqual([]);
  });

  const first = snapshot('1', true, '0.3');
  it.each<[string, string, readonly unknown[]]>([
    ['a version twice', 'twice', [first, change('0.3', '0.4'), change('0.3', '0.4')]],
    ['the version of the snapshot once more', 'twice', [first, change('0.2', '0.3')]],
    ['an older version', 'out-of-order', [first, change('0.3', '0.5', { conflated: true }), change('0.3', '0.4')]],
    ['a step from before what it has', 'out-of-order', [first, change('0.2', '0.4')]],
    ['an older clock', 'out-of-order', [first, clockFrame('0.2')]],
    ['a match twice in a snapshot', 'twice', [snapshot('1', true, '0.3', '0.3')]],
    ['a snapshot that answers nothing', 'bad-frame', [first, snapshot('9', true, '0.4')]],
    ['a frame for silent clients', 'bad-frame', [first, scoreChange(4)]],
    ['an older snapshot that nobody asked for', 'out-of-order', [first, unasked('0.2')]],
    ['a snapshot after a loss that there was not', 'refused', [first, unasked('0.4', false)]],
    [
      'an error that it has no part in',
      'refused',
      [{ type: 'ERROR', code: 'BAD_MESSAGE', message: 'no', timestamp: NOW }],
    ],
    ['no recovery where nothing was held', 'refused', [snapshot('1', false, '0.3')]],
    ['a match that is there as unknown', 'refused', [{ ...first, unknown: ['n'] }]],
    ['a frame of no protocol', 'bad-frame', [first, change('0.3', '0.4', { position: 4 })]],
    ['a frame with a field of its own', 'bad-frame', [first, change('0.3', '0.4', { odd: true })]],
    ['a type without a schema', 'bad-frame', [first, { type: 'ODD', timestamp: NOW }]],
    ['a score that does not follow from its counts', 'wrong-content', [first, change('0.3', '0.4', { homeScore: 7 })]],
  ])('find %s', (_, kind, frames) => {
    play(frames);
    expect(found()).toContainEqual(expect.stringMatching(new RegExp(`^${kind}: `)));
  });

  it.each<[string, string, Partial<Asked>, readonly unknown[]]>([
    ['a snapshot behind what it has', 'out-of-order', since('0.3'), [snapshot('2', true, '0.2')]],
    ['a snapshot behind it that says so', 'out-of-order', since('0.3'), [snapshot('2', false, '0.2')]],
    ['a snapshot of what it has', 'twice', since('0.3'), [snapshot('2', true, '0.3')]],
    ['no recovery from a right position', 'refused', since('0.3'), [snapshot('2', false, '0.4')]],
    [
      'recovery from a position that nobody has',
      'refused',
      { ...since('7.3'), forged: new Set(['m']) },
      [snapshot('2', true, '0.4')],
    ],
    ['a made-up position left out', 'refused', { ...since('7.3'), forged: new Set(['m']) }, [snapshot('2', false)]],
    ['an id of no match that is not named', 'bad-frame', { strangers: new Set(['x']) }, [snapshot('2', true)]],
    ['a change before the snapshot', 'bad-frame', since('0.3'), [change('0.3', '0.4')]],
    [
      'missed changes that begin late',
      'undetected-gap',
      { ...since('0.3'), replay: true },
      [snapshot('2', true, '0.5'), change('0.4', '0.5', { replayed: true })],
    ],
    [
      'missed changes that end early',
      'undetected-gap',
      { ...since('0.3'), replay: true },
      [snapshot('2', true, '0.5'), change('0.3', '0.4', { replayed: true })],
    ],
    [
      'missed changes that do not come',
      'undetected-gap',
      { ...since('0.3'), replay: true },
      [snapshot('2', true, '0.5'), change('0.5', '0.6')],
    ],
    [
      'a missed change twice',
      'twice',
      { ...since('0.3'), replay: true },
      [snapshot('2', true), change('0.3', '0.4', { replayed: true }), change('0.3', '0.4', { replayed: true })],
    ],
  ])('find %s', (_, kind, asked, frames) => {
    play([first], { asked, frames });
    expect(found()).toContainEqual(expect.stringMatching(new RegExp(`^${kind}: `)));
  });

  it('find a change and a snapshot that were not asked for', () => {
    const rules = rulesOf(() => false);
    rules.connected({ asksByAddress: false });
    rules.subscribes(question('1'));
    rules.take(read(snapshot('1', true, '0.3')));
    rules.take(read(change('0.3', '0.4')));
    rules.take(read(unasked('0.4')));
    expect(findings.count('bad-frame')).toBe(3);
  });

  it('find a frame before the welcome, and none when the protocol is not in the address', () => {
    for (const asksByAddress of [false, true]) {
      const rules = rulesOf();
      rules.connected({ asksByAddress });
      rules.subscribes(question('1'));
      rules.take(read(first));
    }
    expect(found()).toEqual([expect.stringContaining('SNAPSHOT before WELCOME')]);
  });

  it('find a change that comes after the match was left, until it is asked for again', () => {
    const rules = play([first]);
    rules.left(['m']);
    rules.take(read(change('0.3', '0.4')));
    expect(found()).toEqual([expect.stringContaining('before the SNAPSHOT')]);
  });
});

describe('a step between versions', () => {
  const judged = (...journal: readonly number[]) => {
    claimed.judge(journalOf(provenText, ...journal), findings);
    return found();
  };

  it('may leave out nothing that was committed', () => {
    play([snapshot('1', true, '0.3'), change('0.3', '0.5')]);
    play([snapshot('1', true, '0.3'), change('0.3', '0.5')]);
    expect(judged(3, 4, 5)).toEqual([expect.stringContaining('kept 0.4 from 2 clients')]);
    expect(findings.count('undetected-gap')).toBe(2);
  });

  it('may leave out what was never committed, what it says that it leaves out, and what is told by `previous`', () => {
    play([snapshot('1', true, '0.3'), change('0.3', '0.5')]);
    expect(judged(3, 5)).toEqual([]);
    play([snapshot('1', true, '0.3'), change('0.3', '0.5', { conflated: true }), change('0.7', '0.8')]);
    expect(findings.total).toBe(0);
  });

  it('may leave out nothing of another life of the row', () => {
    play([snapshot('1', true, '0.3'), change('0.3', '1.2', { homeScore: 2 })]);
    claimed.judge([{ matchId: 'm', epoch: 1, version: 1, text: '' }], findings);
    expect(findings.count('undetected-gap')).toBe(1);
  });
});

describe('what was told of a version', () => {
  const notBegin = () => false;

  it('is what was committed', () => {
    for (const frame of [snapshot('1', true, '0.3'), change('0.3', '0.4'), scoreChange(4)]) read(frame);
    versions.proven.judge(journalOf(provenText, 3, 4, 5), notBegin);
    versions.shown.judge(journalOf(pageText, 3, 4, 5), notBegin);
    expect(found()).toEqual([]);
  });

  it('is found when it differs from what was committed, or from what somebody else was told', () => {
    read(change('0.3', '0.4'));
    read(change('0.3', '0.4', { statusId: 3 }));
    expect(findings.count('wrong-content')).toBe(1);
    versions.proven.judge(
      journalOf(() => 'other', 4),
      notBegin,
    );
    expect(findings.count('wrong-content')).toBe(2);
    read(scoreChange(5, { homeScore: 4 }));
    versions.shown.judge(journalOf(pageText, 5), notBegin);
    expect(findings.count('wrong-content')).toBe(3);
  });

  it('is found when it was never committed, unless it is where the row began', () => {
    read(snapshot('1', true, '0.3'));
    versions.proven.judge(journalOf(provenText, 4), (matchId, position) => `${matchId} ${position}` === 'm 0.3');
    expect(found()).toEqual([]);
    versions.proven.judge(journalOf(provenText, 4), notBegin);
    expect(found()).toEqual([expect.stringContaining('never committed')]);
  });

  it('is found where a text is no frame', () => {
    expect(reader.read('{"type":')).toBeNull();
    expect(reader.read('[]')).toBeNull();
    expect(findings.count('bad-frame')).toBe(2);
  });
});

describe('the rules for clients that say nothing', () => {
  const MINUTE = 60_000;

  function told(frames: readonly unknown[], connectedAtMs = 0): SilentRules {
    const rules = new SilentRules('page', findings);
    rules.connected(connectedAtMs);
    rules.listed([{ matchId: 'm', position: { epoch: 0, version: 2 }, text: '4 2-0' }]);
    for (const [n, frame] of frames.entries()) rules.take(read(frame), connectedAtMs + n);
    return rules;
  }

  const judged = (rules: SilentRules, ...atMs: readonly number[]) => {
    judgeRepeats(rules.repeats, { atMs, windowMs: MINUTE }, findings);
    return found();
  };

  it('accept versions in order, and show the newest', () => {
    const rules = told([scoreChange(3), scoreChange(4), scoreChange(6)]);
    expect(judged(rules)).toEqual([]);
    expect(rules.shown.get('m')?.text).toBe('4 6-0');
    expect(rules.told).toBe(3);
  });

  it('keep what a frame told when an older list comes later', () => {
    const rules = told([scoreChange(4)]);
    rules.listed([{ matchId: 'm', position: { epoch: 0, version: 3 }, text: '4 3-0' }]);
    expect(rules.shown.get('m')?.text).toBe('4 4-0');
  });

  it('accept several frames of one version, and a minute that goes on without one', () => {
    const minute = (value: number) => ({
      ...scoreChange(4),
      type: 'MINUTE_UPDATE',
      homeScore: undefined,
      awayScore: undefined,
      minute: value,
      optimistic: { minute: value, minuteText: `${value}'`, statusId: 4 },
    });
    const rules = told([
      { ...scoreChange(4), type: 'GOAL', time: 60, playerId: null, playerName: null },
      scoreChange(4),
      minute(61),
      minute(62),
    ]);
    expect(judged(rules)).toEqual([]);
    expect(rules.shown.get('m')?.text).toBe('4 4-0');
  });

  it('accept what a takeover tells again, with its version', () => {
    const rules = told([scoreChange(3), scoreChange(4), scoreChange(3), scoreChange(4)]);
    expect(rules.toldAgain).toBe(2);
    expect(judged(rules, 1)).toEqual([]);
    expect(rules.shown.get('m')?.text).toBe('4 4-0');
  });

  it('find a repeat, and an older version, without a takeover', () => {
    expect(judged(told([scoreChange(3), scoreChange(3)]))).toEqual([expect.stringMatching(/^twice: /)]);
    findings = new Findings();
    expect(judged(told([scoreChange(4), scoreChange(3)]))).toEqual([expect.stringMatching(/^out-of-order: /)]);
  });

  it('find more repeats than takeovers, and those of one that was too long ago or came later', () => {
    const frames = [scoreChange(3), scoreChange(3), scoreChange(3)];
    expect(judged(told(frames), 0)).toEqual([expect.stringMatching(/^twice: .*told 2 times before/)]);
    findings = new Findings();
    expect(judged(told([scoreChange(4), scoreChange(3)], 3 * MINUTE), 1)).toHaveLength(1);
    findings = new Findings();
    expect(judged(told([scoreChange(3), scoreChange(3)]), MINUTE)).toHaveLength(1);
  });

  it('find a frame of protocol 2', () => {
    told([change('0.3', '0.4')]);
    expect(found()).toEqual([expect.stringMatching(/^bad-frame: page: CHANGE/)]);
  });
});

describe("the rules for the package's client", () => {
  const whole = (version: number) => provenText(version);
  const shown = (...positions: readonly number[]) => {
    const rules = new ShownRules('client', findings, versions.proven);
    for (const version of positions) rules.shows({ matchId: 'm', position: `0.${version}`, whole: whole(version) });
    return rules;
  };

  it('accept versions in order, a gap that it tells, and a goal of each version', () => {
    const rules = shown(3, 4, 4, 7);
    rules.gap('m', '0.4', '0.7', 'missed');
    rules.goal('m', '0.4', 'home 4-0');
    rules.goal('m', '0.7', 'home 7-0');
    rules.error('UNAVAILABLE', 'later');
    expect(found()).toEqual([]);
    expect(rules).toMatchObject({ changes: 4, gaps: 1 });
  });

  it.each<[string, string, (rules: ShownRules) => void]>([
    ['an older version', 'out-of-order', (rules) => rules.shows({ matchId: 'm', position: '0.3', whole: whole(3) })],
    ['other content', 'wrong-content', (rules) => rules.shows({ matchId: 'm', position: '0.4', whole: whole(5) })],
    ['no position', 'bad-frame', (rules) => rules.shows({ matchId: 'm', position: '4', whole: whole(4) })],
    ['a goal twice', 'twice', (rules) => [0, 1].forEach(() => void rules.goal('m', '0.4', 'home 4-0'))],
    ['a reset', 'refused', (rules) => rules.gap('m', '0.4', '0.3', 'reset')],
    ['an error', 'refused', (rules) => rules.error('BAD_FRAME', 'what is no frame')],
  ])('find %s', (_, kind, act) => {
    act(shown(3, 4));
    expect(found()).toEqual([expect.stringMatching(new RegExp(`^${kind}: `))]);
  });
});

describe('the wait for clients', () => {
  const client = (name: string, more: object = {}) => ({
    name,
    kind: 'protocol-2' as const,
    isServed: true,
    line: { url: 'ws://a', isPaused: false },
    behindOn: (): string | null => null,
    ...more,
  });
  const behind = { behindOn: () => 'm has 0.3, row 0.4' };
  const now = { rows: [], timeoutMs: 0 };

  it('is over when all show the rows', async () => {
    const reached = await untilCurrent([client('a'), client('b')], { ...now, how: 'exactly' });
    expect(reached).toMatchObject({ clients: 2, missing: 0, unaware: 0 });
    expect(reached.tookMs).not.toBeNull();
  });

  it('names who does not, and counts those who are connected and were told nothing', async () => {
    const crew = [client('a', behind), client('b', { isServed: false }), client('c')];
    expect(await untilCurrent(crew, { ...now, how: 'exactly' })).toEqual({
      tookMs: null,
      clients: 3,
      missing: 2,
      unaware: 1,
      behind: ['a at ws://a: m has 0.3, row 0.4', 'b is not served by ws://a'],
    });
  });

  it('asks only those who are served, hold positions, and are connected where it says so', async () => {
    const crew = [
      client('a', { ...behind, isServed: false }),
      client('b', { ...behind, kind: 'silent' }),
      client('c', { ...behind, line: { url: 'ws://b', isPaused: false } }),
      client('d'),
    ];
    const reached = await untilCurrent(crew, { ...now, how: 'at-least', on: ['ws://a'] });
    expect(reached).toMatchObject({ clients: 1, missing: 0 });
    expect(await untilCurrent(crew, { ...now, how: 'at-least' })).toMatchObject({ clients: 2, missing: 1 });
  });
});

describe('the summary', () => {
  it('has not passed with one finding of any kind', () => {
    const counts = { kinds: {}, protocol2: noCounts(), toldAgain: 0, packageGaps: 0, frames: 0 };
    const judged = { counts, found: findings.found() } as unknown as Judged;
    const run = { seed: 1, clients: 1, changes: 1, takeovers: 1, tookS: 1 };
    expect(summarize(run, [], judged, findings).passed).toBe(true);
    findings.note('broken', 'a host');
    expect(summarize(run, [], judged, findings)).toMatchObject({ passed: false, findings: { broken: 1, twice: 0 } });
  });
});

describe('findings', () => {
  it('are counted by kind, with the first of each as examples, also those of another process', () => {
    for (let n = 0; n < 20; n++) findings.note('twice', `${n}`);
    const all = new Findings();
    all.note('broken', 'b');
    all.add(findings.found());
    expect(all.total).toBe(21);
    expect(all.found().examples).toHaveLength(9);
  });
});
