import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { competition } from '../../src/sync/entity/list/competition.js';
import { country } from '../../src/sync/entity/list/country.js';
import { ENTITIES } from '../../src/sync/entity/list/index.js';
import { player } from '../../src/sync/entity/list/player.js';
import { team } from '../../src/sync/entity/list/team.js';
import { venue } from '../../src/sync/entity/list/venue.js';
import { TEAM_LOGO, TeamLookup } from '../../src/sync/entity/team-lookup.js';
import { type Item, refusal } from '../support/listed-entities.js';
import { SyncOnPostgres } from '../support/sync-on-postgres.js';

const T = 1_795_800_000;
const named = (ids: string, over: Item = {}): Item[] =>
  ids.split(' ').map((id, n) => ({ id, name: `Name of ${id}`, updated_at: T + n, ...over }));

describe('the sync of an entity on PostgreSQL', () => {
  let sync: SyncOnPostgres;
  beforeAll(async () => {
    sync = await SyncOnPostgres.open();
  });
  afterAll(() => sync.close());
  beforeEach(async () => {
    jest.restoreAllMocks();
    sync.lists.items = [];
    sync.lists.asked.length = 0;
    sync.letters.length = 0;
    sync.lists.pageSize = 3;
    sync.lists.before = () => undefined;
    sync.lists.through = (answer) => answer;
    await sync.sql.query(
      `TRUNCATE ${ENTITIES.map(({ table }) => table).join(', ')}, livescore_sync_status, livescore_sync_deleted, livescore_sync_asked, ts_sync_state`,
    );
  });

  const names = async (table: string) =>
    (await sync.rows(`SELECT external_id || '=' || COALESCE(name, '-') AS row FROM ${table} ORDER BY external_id`)).map(
      ({ row }) => row,
    );
  const marked = async (entity: string) =>
    (
      await sync.rows(
        'SELECT external_id FROM livescore_sync_deleted WHERE entity = $1 AND listed_at IS NULL ORDER BY 1',
        [entity],
      )
    ).map(({ external_id }) => external_id);
  const statusOf = async (entity: string) =>
    (await sync.rows('SELECT * FROM livescore_sync_status WHERE entity = $1', [entity]))[0]!;

  it('reads pages until one is empty, and stores every row', async () => {
    sync.lists.items = named('a b c d e f g');
    expect(await sync.run(country)).toMatchObject({ verdict: 'complete', wasFull: true });
    expect(await names('ts_countries')).toHaveLength(7);
    expect(sync.lists.pages).toEqual(['1', '2', '3', '4']);
    expect(sync.last!.counts).toEqual({ seen: 7, added: 7, changed: 0, refused: 0, deleted: 0 });
    expect(await statusOf('country')).toMatchObject({ verdict: 'complete', run_id: null, page: 4 });
  });

  it('ends where the provider knows no pages and sends the same list again', async () => {
    sync.lists.items = named('a b c');
    sync.lists.before = (request) => void Object.assign(request, { params: { ...request.params, page: 1 } });
    expect(await sync.run(country)).toMatchObject({ verdict: 'complete' });
    expect(sync.lists.asked).toHaveLength(2);
    expect(await names('ts_countries')).toHaveLength(3);
  });

  it('rewrites no row that did not change', async () => {
    sync.lists.items = named('a b c d', { logo: 'x.png' });
    await sync.run(country);
    const written = async () =>
      (await sync.rows('SELECT external_id, xmin::text FROM ts_countries ORDER BY 1')).map(({ xmin }) => xmin);
    const before = await written();
    await sync.run(country);
    expect(await written()).toEqual(before);
    expect(sync.last!.counts).toMatchObject({ seen: 4, added: 0, changed: 0 });
  });

  it('moves the watermark with a complete run only, and asks for that second again', async () => {
    sync.lists.items = named('a b c d');
    expect(await sync.run(team)).toMatchObject({ verdict: 'complete', watermark: T + 3 });
    sync.lists.items.push({ id: 'e', name: 'same second', updated_at: T + 3 });
    sync.lists.asked.length = 0;
    expect(await sync.run(team, { kind: 'incremental' })).toMatchObject({ verdict: 'complete', watermark: T + 3 });
    expect(sync.lists.pages).toEqual([`1 since ${T + 3}`, `2 since ${T + 3}`]);
    expect(await names('ts_teams')).toContain('e=same second');
    sync.lists.before = () => {
      throw refusal('malformed');
    };
    expect(await sync.run(team, { kind: 'incremental' })).toMatchObject({ verdict: 'failed' });
    expect(await statusOf('team')).toMatchObject({ watermark: String(T + 3), verdict: 'failed' });
  });

  it('never moves the watermark past the beginning of the run: what changed since may stand on a page that was read', async () => {
    const beganS = sync.clock.nowMs() / 1000;
    sync.lists.items = named('a b c d', { updated_at: beganS + 100 });
    const { watermark } = await sync.run(team);
    expect(watermark).toBeLessThanOrEqual(beganS);
  });

  it('asks for the same page again after an error, and reads the list to its end', async () => {
    sync.lists.items = named('a b c d e f g');
    sync.lists.before = (_request, n) => {
      if (n % 3 !== 0) throw refusal((['malformed', 'timeout', 'unreachable', 'refused'] as const)[n % 4]!);
    };
    expect(await sync.run(country)).toMatchObject({ verdict: 'complete' });
    expect(await names('ts_countries')).toHaveLength(7);
  });

  it('waits as long as it is told after too many requests', async () => {
    sync.lists.items = named('a b');
    sync.lists.before = (_request, n) => {
      if (n === 1) throw refusal('limit', sync.clock.nowMs() + 60_000);
    };
    expect(await sync.run(country)).toMatchObject({ verdict: 'complete' });
    expect(sync.lists.pages).toEqual(['1', '1', '2']);
  });

  it('ends as partial when a page does not come, and marks nothing', async () => {
    sync.lists.items = named('a b c d e');
    await sync.run(country);
    sync.lists.before = ({ params }) => {
      if (params?.page === 2) throw refusal('timeout');
    };
    expect(await sync.run(country)).toMatchObject({ verdict: 'partial', error: expect.stringContaining('TIMEOUT') });
    expect(await marked('country')).toEqual([]);
  });

  it('takes an answer without results for no list, and keeps what is stored', async () => {
    sync.lists.items = named('a b c d');
    await sync.run(country);
    sync.lists.through = (answer) => ({ ...answer, items: null });
    expect(await sync.run(country)).toMatchObject({ verdict: 'failed' });
    expect(await marked('country')).toEqual([]);
    expect(await names('ts_countries')).toHaveLength(4);
  });

  it('ends a list whose last page has no results, but marks nothing then', async () => {
    sync.lists.items = named('a b c d e f');
    await sync.run(country);
    sync.lists.items = named('a b c');
    sync.lists.through = (answer) => (answer.items?.length === 0 ? { ...answer, items: null } : answer);
    expect(await sync.run(country)).toMatchObject({ verdict: 'complete' });
    expect(await marked('country')).toEqual([]);
  });

  it('is partial where a page has no results and the list goes on behind it, and keeps its watermark', async () => {
    sync.lists.items = named('a b c');
    await sync.run(team);
    sync.lists.items = named('a b c d e f g h i', { short_name: 'new' });
    sync.lists.through = (answer, { params }) => (params?.page === 2 ? { ...answer, items: null } : answer);
    const end = await sync.run(team, { kind: 'incremental' });
    expect(end).toMatchObject({ verdict: 'partial', error: 'page 2 has no results, and the one behind it has' });
    expect(await statusOf('team')).toMatchObject({ watermark: String(T + 2) });
  });

  it('does not believe that a list is empty', async () => {
    sync.lists.items = named('a b c');
    await sync.run(country);
    sync.lists.items = [];
    expect(await sync.run(country)).toMatchObject({ error: expect.stringContaining('3 rows are not listed') });
    expect(await marked('country')).toEqual([]);
  });

  it('tells when the provider changed a row, and never a time to come', async () => {
    const at = async () =>
      (
        await sync.rows(
          "SELECT extract(epoch FROM updated_at::timestamptz)::integer AS at, now() - updated_at < '1 minute' AS fresh FROM ts_countries",
        )
      )[0];
    sync.lists.items = named('a');
    await sync.run(country);
    expect(await at()).toMatchObject({ at: T });
    sync.lists.items = [{ id: 'a', name: 'Other', updated_at: T + 5 }];
    await sync.run(country);
    expect(await at()).toMatchObject({ at: T + 5 });
    sync.lists.items = [{ id: 'a', name: 'Another', updated_at: 16_000_000_000 }];
    await sync.run(country);
    expect(await at()).toMatchObject({ fresh: true });
  });

  it('reads the list once more before it marks what is missing', async () => {
    sync.lists.items = named('a b c d e f');
    await sync.run(country);
    sync.lists.items = named('a b c e f');
    sync.lists.asked.length = 0;
    expect(await sync.run(country)).toMatchObject({ verdict: 'complete' });
    expect(sync.lists.pages).toEqual(['1', '2', '3', '1', '2', '3']);
    expect(await marked('country')).toEqual(['d']);
    expect(sync.last!.counts.deleted).toBe(1);
    // it stays in the table, and no further run looks for it
    expect(await names('ts_countries')).toContain('d=Name of d');
    sync.lists.asked.length = 0;
    await sync.run(country);
    expect(sync.lists.pages).toEqual(['1', '2', '3']);
  });

  it('takes a mark back when the provider lists the id again', async () => {
    sync.lists.items = named('a b c');
    await sync.run(country);
    sync.lists.items = named('a b');
    await sync.run(country);
    expect(await marked('country')).toEqual(['c']);
    sync.lists.items = named('a b c');
    sync.clock.set(Date.now() + 1_000);
    await sync.run(country);
    expect(await marked('country')).toEqual([]);
    sync.clock.set(1_795_900_000_000);
  });

  it('finds a row that moved to a page that was read already', async () => {
    sync.lists.items = named('a b c d e f g h i');
    sync.lists.before = (_request, n) => {
      // i changes and moves to the front: h and others slide back
      if (n === 2) sync.lists.items = [...named('i'), ...named('a b c d e f g h')];
    };
    expect(await sync.run(country)).toMatchObject({ verdict: 'complete' });
    expect(await names('ts_countries')).toHaveLength(9);
  });

  it('finds a row that slid to a page that was read already, the first time the list is read', async () => {
    sync.lists.items = named('a b c d e f g h');
    sync.lists.before = (_request, n) => {
      // a goes: d is on the first page now, and nothing shows it
      if (n === 2) sync.lists.items = named('b c d e f g h');
    };
    expect(await sync.run(country, { lastCompleteAtMs: null })).toMatchObject({ verdict: 'complete' });
    expect(await names('ts_countries')).toContain('d=Name of d');
  });

  it('marks nothing that slid past it while rows before it went', async () => {
    sync.lists.items = named('a b c d e f g h');
    await sync.run(country);
    let round = 0;
    sync.lists.before = ({ params }) => {
      if (params?.page === 1) round += 1;
      if (round === 1 && params?.page === 2) sync.lists.items = sync.lists.items.filter(({ id }) => id !== 'a');
    };
    expect(await sync.run(country)).toMatchObject({ verdict: 'complete' });
    expect(await marked('country')).toEqual([]);
    await sync.run(country);
    expect(await marked('country')).toEqual(['a']);
  });

  it('does not believe a list that lacks more than half, until an operator says so', async () => {
    sync.lists.pageSize = 100;
    sync.lists.items = named(Array.from({ length: 60 }, (_, n) => `c${n}`).join(' '));
    await sync.run(country);
    sync.lists.items = named('c1 c2');
    const end = await sync.run(country);
    expect(end).toMatchObject({ verdict: 'complete', error: expect.stringContaining('58 rows are not listed') });
    expect(await marked('country')).toEqual([]);
    await sync.run(country, { acceptsDeletions: true });
    expect(await marked('country')).toHaveLength(58);
  });

  it('writes nothing when the run belongs to another instance', async () => {
    sync.lists.items = named('a b c d');
    sync.lists.before = async (_request, n) => {
      if (n === 2) await sync.rows(`UPDATE livescore_sync_status SET run_id = gen_random_uuid()`);
    };
    expect(await sync.run(country)).toMatchObject({ verdict: 'partial', error: expect.stringContaining('taken over') });
    expect(await names('ts_countries')).toHaveLength(3);
    await sync.rows('UPDATE livescore_sync_status SET run_id = NULL');
  });

  it('goes on at the page where another instance died, and reads the list once as a whole before it trusts it', async () => {
    sync.lists.items = named('a b c d e f');
    expect(await sync.run(country, { page: 2 })).toMatchObject({ verdict: 'complete' });
    expect(sync.lists.pages).toEqual(['2', '3', '1', '2', '3']);
    expect(await names('ts_countries')).toHaveLength(6);
  });

  it('refuses a row of a wrong type, keeps it as a letter, and takes the others', async () => {
    sync.lists.items = [
      { id: 'a', name: 'A', capacity: 'many' },
      { id: 'b', name: 'B', capacity: 0, unheard: { of: 1 } },
      { id: '', name: 'no id' },
      { id: 'c', name: 'x'.repeat(256) },
      { id: 'd', name: 'D', capacity: 3_000_000_000 },
    ];
    sync.lists.pageSize = 10;
    expect(await sync.run(venue)).toMatchObject({ verdict: 'complete' });
    expect(await sync.rows('SELECT external_id, name, capacity FROM ts_venues')).toEqual([
      { external_id: 'b', name: 'B', capacity: 0 },
    ]);
    expect(sync.letters.map(({ detail }) => detail)).toEqual([
      'venue a, capacity: an integer was expected, received text',
      'venue without an id, id: a text of 1 to 255 characters was expected',
      'venue c, name: at most 255 characters fit, received 256',
      'venue d, capacity: an integer of 4 bytes was expected, received number',
    ]);
    expect(sync.letters[0]).toMatchObject({ reason: 'malformed', topic: 'sync/venue' });
    // the provider lists them: nothing is deleted
    expect(await marked('venue')).toEqual([]);
  });

  it('costs a row that the database refuses that row only', async () => {
    await sync.rows(`ALTER TABLE ts_venues ADD CONSTRAINT positive CHECK (capacity >= 0)`);
    sync.lists.items = [1, 2, -3, 4, 5].map((capacity) => ({ id: `v${capacity}`, name: 'V', capacity }));
    sync.lists.pageSize = 10;
    expect(await sync.run(venue)).toMatchObject({ verdict: 'complete' });
    expect((await sync.rows('SELECT capacity FROM ts_venues ORDER BY 1')).map(({ capacity }) => capacity)).toEqual([
      1, 2, 4, 5,
    ]);
    expect(sync.letters.map(({ detail }) => detail)).toEqual(['venue v-3, the database answered 23514']);
    await sync.rows('ALTER TABLE ts_venues DROP CONSTRAINT positive');
  });

  it('never loses a value because a list leaves it out, and clears what says that there is none', async () => {
    const full = {
      id: 'p',
      name: 'P',
      logo: 'p.png',
      team_id: 't1',
      uid: 'master',
      age: 20,
      ability: [[1, 80]],
      updated_at: T,
    };
    sync.lists.items = [full];
    await sync.run(player);
    const row = async () =>
      (await sync.rows('SELECT name, logo, team_id, uid, is_duplicate, age, ability FROM ts_players'))[0];
    expect(await row()).toEqual({
      name: 'P',
      logo: 'p.png',
      team_id: 't1',
      uid: 'master',
      is_duplicate: true,
      age: 20,
      ability: [[1, 80]],
    });
    sync.lists.items = [{ id: 'p', name: '', logo: null, updated_at: T + 1 }];
    await sync.run(player);
    expect(await row()).toMatchObject({ name: 'P', logo: 'p.png', team_id: 't1', uid: 'master', age: 20 });
    sync.lists.items = [{ id: 'p', name: 'P', team_id: '0', uid: '', age: 0, updated_at: T + 2 }];
    await sync.run(player);
    expect(await row()).toMatchObject({ team_id: null, uid: null, is_duplicate: false, age: 0 });
    sync.lists.items = [{ id: 'q', name: 'Q' }];
    await sync.run(player);
    expect(await sync.rows(`SELECT is_duplicate FROM ts_players WHERE external_id = 'q'`)).toEqual([
      { is_duplicate: false },
    ]);
  });

  it('names a competition by its short name, or as unknown, until it has a name', async () => {
    sync.lists.items = [{ id: 'a', short_name: 'PL', type: 0 }, { id: 'b' }];
    await sync.run(competition);
    expect(await names('ts_competitions')).toEqual(['a=PL', 'b=Unknown Competition']);
    sync.lists.items = [
      { id: 'a', short_name: 'PL' },
      { id: 'b', name: 'B', logo: 'b.png' },
    ];
    await sync.run(competition);
    expect(await sync.rows('SELECT name, type, logo_url FROM ts_competitions ORDER BY external_id')).toEqual([
      { name: 'PL', type: 0, logo_url: null },
      { name: 'B', type: null, logo_url: 'b.png' },
    ]);
  });

  it('leaves out a column that the table lacks, says so once, and counts yes and no as numbers where they are', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await sync.rows('ALTER TABLE ts_teams RENAME COLUMN website TO web');
    await sync.rows('ALTER TABLE ts_teams ALTER COLUMN national TYPE integer USING national::integer');
    sync.lists.items = named('a', { website: 'w', national: 1 });
    await sync.run(team);
    await sync.run(team);
    expect(await sync.rows('SELECT name, national FROM ts_teams')).toEqual([{ name: 'Name of a', national: 1 }]);
    expect(warn.mock.calls.filter(([, data]) => JSON.stringify(data).includes('website: missing'))).toHaveLength(1);
    await sync.rows('ALTER TABLE ts_teams RENAME COLUMN web TO website');
    await sync.rows('ALTER TABLE ts_teams ALTER COLUMN national TYPE boolean USING national::integer = 1');
  });

  it('says what a run would change, and changes nothing', async () => {
    sync.lists.items = named('a b c');
    await sync.run(country);
    sync.lists.items = [...named('a'), { id: 'b', name: 'Other', logo: 'new.png' }, { id: 'd', name: 'D' }];
    const end = await sync.run(country, { isDiff: true });
    expect(end.diff).toEqual({
      same: 1,
      changed: 1,
      missing: 1,
      extra: 1,
      fields: { name: 1, logo: 1 },
      samples: [
        { id: 'b', field: 'logo', ours: null, theirs: 'new.png' },
        { id: 'b', field: 'name', ours: 'Name of b', theirs: 'Other' },
      ],
    });
    expect(await names('ts_countries')).toEqual(['a=Name of a', 'b=Name of b', 'c=Name of c']);
    expect(await marked('country')).toEqual([]);
  });

  it('asks about teams without a logo, oldest first, takes the one it asked about, and asks no more for a while', async () => {
    sync.lists.items = named('a b c');
    await sync.run(team);
    await sync.rows(`UPDATE ts_teams SET logo_url = 'c.png' WHERE external_id = 'c'`);
    sync.lists.items = named('a b c x', { logo: 'logo.png' });
    sync.lists.through = (answer) => ({ ...answer, items: [...named('x'), ...(answer.items ?? [])] });
    sync.lists.asked.length = 0;
    const job = new TeamLookup(TEAM_LOGO, sync.pages, sync.store);
    expect(await sync.run(job)).toEqual({ verdict: 'complete' });
    expect(sync.lists.asked.map(({ params }) => params)).toEqual([{ team_id: 'a' }, { team_id: 'b' }]);
    expect(await sync.rows('SELECT external_id, logo_url FROM ts_teams ORDER BY 1')).toEqual([
      { external_id: 'a', logo_url: 'logo.png' },
      { external_id: 'b', logo_url: 'logo.png' },
      { external_id: 'c', logo_url: 'c.png' },
    ]);
    await sync.rows(`UPDATE ts_teams SET logo_url = NULL`);
    sync.lists.asked.length = 0;
    await sync.run(job);
    expect(sync.lists.asked.map(({ params }) => params)).toEqual([{ team_id: 'c' }]);
  });

  it('takes over the cursor of the old worker, and tells one that was made by joining two numbers', async () => {
    await sync.rows(
      `INSERT INTO ts_sync_state (entity_type, last_updated_at) VALUES ('team', $1), ('player', 17000000001)`,
      [T],
    );
    const adopted = await sync.runs.enrol(['team', 'player', 'coach'], ['team', 'player', 'coach']);
    expect([...adopted].sort((a, b) => a.entity.localeCompare(b.entity))).toEqual([
      { entity: 'player', value: '17000000001', isSound: false },
      { entity: 'team', value: String(T), isSound: true },
    ]);
    expect(await statusOf('team')).toMatchObject({ watermark: String(T) });
    expect(await statusOf('player')).toMatchObject({ watermark: null, full_at: null });
    sync.lists.items = named('a b');
    await sync.run(team, { kind: 'incremental' });
    // one second less: the old worker adds one
    expect(await sync.rows(`SELECT last_updated_at FROM ts_sync_state WHERE entity_type = 'team'`)).toEqual([
      { last_updated_at: String(T) },
    ]);
  });
});
