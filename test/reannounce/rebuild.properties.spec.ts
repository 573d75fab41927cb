import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { framesOf } from '../../src/broadcast/ports/client-frames.js';
import type { ScoreCommitted } from '../../src/contracts/committed-changes.js';
import { PgRecentChanges } from '../../src/reannounce/adapters/pg/pg-recent-changes.js';
import { rebuildChanges } from '../../src/reannounce/ports/rebuild-changes.js';
import { slots, KICKOFF_S as T, toUpdate } from '../support/history.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { PgScoreRows } from '../support/pg-score-rows.js';
import { randomMatch } from '../support/random-match.js';
import { WriterUnderTest } from '../support/writer-under-test.js';

guardAgainstLeaks();

const HOUR_MS = 3_600_000;

/** What the journal must give back: everything but the minute as an event of its own. */
const comparable = ({ before, after, committedAtMs, ...fact }: ScoreCommitted) => ({
  ...fact,
  events: fact.events.filter(({ type }) => type !== 'minute-changed'),
});

const worthTelling = (fact: ScoreCommitted) => comparable(fact).events.length > 0;

const framesOfAll = (facts: readonly ScoreCommitted[]) =>
  facts.flatMap((fact) => framesOf(fact, 0).filter(({ type }) => type !== 'MINUTE_UPDATE'));

describe('changes rebuilt from the journal', () => {
  let rows: PgScoreRows;
  let recent: PgRecentChanges;
  const writers: WriterUnderTest[] = [];
  beforeAll(async () => {
    rows = await PgScoreRows.open();
    recent = new PgRecentChanges(rows.connection);
  });
  afterEach(async () => {
    for (const writer of writers.splice(0)) await writer.stop();
    await rows.sql.query('TRUNCATE livescore_journal; DELETE FROM ts_matches');
  });
  afterAll(() => rows.close());

  async function writer(): Promise<WriterUnderTest> {
    const under = await WriterUnderTest.on(rows.store);
    writers.push(under);
    return under;
  }

  const rebuilt = async () => rebuildChanges(await recent.load(HOUR_MS, 10_000));

  it('are those that were published when they were committed, frame by frame', async () => {
    let n = 0;
    const run = fc.asyncProperty(
      fc.array(randomMatch, { minLength: 1, maxLength: 3 }),
      fc.infiniteStream(fc.boolean()),
      async (matches, pauses) => {
        await rows.sql.query('TRUNCATE livescore_journal');
        const under = await writer();
        const told = matches.map((reports) => ({ id: `m${n++}`, reports }));
        for (const { id } of told) await rows.insert(id);
        for (let at = 0; at < Math.max(...matches.map(({ length }) => length)); at++) {
          for (const { id, reports } of told) for (const report of reports.slice(at, at + 1)) under.tell(id, report);
          // without a pause reports are folded into one commit
          if (pauses.next().value) await under.settled();
        }
        await under.settled();
        const published = under.commits.filter(worthTelling);
        const again = await rebuilt();
        for (const { id } of told) {
          const of = (facts: readonly ScoreCommitted[]) => facts.filter(({ matchId }) => matchId === id);
          expect(of(again).map(comparable)).toEqual(of(published).map(comparable));
          expect(framesOfAll(of(again))).toEqual(framesOfAll(of(published)));
        }
      },
    );
    await fc.assert(run, { numRuns: 25 });
  });

  it('name the scorer as it was known at the commit, whatever the row says since', async () => {
    const under = await writer();
    await rows.insert('scorer');
    under.tell('scorer', { atS: T + 60, status: 2, home: slots(0), kickoffS: T });
    await under.settled();
    const incident = { type: 1, position: 1, time: 10, player_name: 'A', home_score: 1, away_score: 0 };
    under.clock.set((T + 600) * 1000);
    const goalFrame = toUpdate({ atS: T + 600, status: 2, home: slots(1), kickoffS: T });
    under.writer.submit([{ ...goalFrame, matchId: 'scorer', incidents: [incident, { ...incident, type: 3 }] }]);
    await under.settled();
    await rows.sql.query(`UPDATE ts_matches SET incidents = '[{"type":1,"position":1,"time":9}]', minute = 77`);
    const goal = (await rebuilt()).flatMap(({ events }) => events).find(({ type }) => type === 'goal');
    expect(goal).toMatchObject({ side: 'home', homeScore: 1, awayScore: 0, time: 10, playerName: 'A', playerId: null });
    expect((await rebuilt()).map(comparable)).toEqual(under.commits.map(comparable));
  });

  it('show the minute of the time when they were received', async () => {
    const under = await writer();
    await rows.insert('minute');
    under.tell('minute', { atS: T, status: 2, kickoffS: T });
    await under.settled();
    under.tell('minute', { atS: T + 630, status: 2, home: slots(1), kickoffS: T });
    await under.settled();
    await rows.change('minute', { minute: 15 });
    expect((await rebuilt()).map(({ after }) => after.minute)).toEqual([1, 11]);
    expect(under.commits.map(({ after }) => after.minute)).toEqual([1, 11]);
  });

  it('keep their epoch when a row was restored, and count goals from what was announced', async () => {
    const first = await writer();
    await rows.insert('restored');
    first.tell('restored', { atS: T + 60, status: 2, home: slots(2), kickoffS: T });
    await first.settled();
    await rows.change('restored', { version: 0, home: slots(0) });
    const second = await writer();
    second.tell('restored', { atS: T + 120, status: 2, home: slots(3), kickoffS: T });
    await second.settled();
    const again = await rebuilt();
    expect(again.map(({ epoch, version }) => [epoch, version])).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect(again.map(comparable)).toEqual([...first.commits, ...second.commits].map(comparable));
  });

  it('end with what the row shows when somebody else changed it since', async () => {
    const under = await writer();
    await rows.insert('theirs');
    under.tell('theirs', { atS: T + 60, status: 2, home: slots(1), kickoffS: T });
    await under.settled();
    await rows.change('theirs', { home: slots(2) });
    const again = await rebuilt();
    expect(again.map(({ source, version, after }) => [source, version, after.shown.home])).toEqual([
      ['mqtt', 1, 1],
      ['foreign', 1, 2],
    ]);
    expect(again[1]?.events).toEqual([{ type: 'score-changed', homeScore: 2, awayScore: 0 }]);
  });

  it('of somebody else are told as theirs: score and status, never a goal', async () => {
    await rows.sql.query(`UPDATE livescore_setting SET value = 'observe' WHERE name = 'foreign_writer_mode'`);
    await rows.insert('foreign');
    await rows.change('foreign', { status: 2, home: slots(0), away: slots(0) });
    await rows.change('foreign', { home: slots(1) });
    const again = await rebuilt();
    expect(again.map(({ source, events }) => [source, events.map(({ type }) => type)])).toEqual([
      ['foreign', ['state-changed', 'kick-off']],
      ['foreign', ['score-changed']],
    ]);
    await rows.sql.query(`UPDATE livescore_setting SET value = 'off' WHERE name = 'foreign_writer_mode'`);
  });

  it('are the newest within the time and the number asked for', async () => {
    const under = await writer();
    await rows.insert('many');
    for (let n = 1; n <= 5; n++) {
      under.tell('many', { atS: T + n * 60, status: 2, home: slots(n), kickoffS: T });
      await under.settled();
    }
    await rows.sql.query(
      `UPDATE livescore_journal SET committed_at = now() - interval '61 seconds' WHERE match_id = 'many' AND version <= 2`,
    );
    const versions = (await recent.load(60_000, 1_000)).map(({ version }) => version);
    expect(versions).toEqual([3, 4, 5]);
    expect((await recent.load(60_000, 2)).map(({ version }) => version)).toEqual([4, 5]);
  });
});
