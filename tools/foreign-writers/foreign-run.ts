import { Client } from 'pg';
import { displayScore, type Slots } from '../../src/domain/score.js';
import type { ForeignWriterMode } from '../../src/foreign-writers/ports/foreign-writers.js';
import { createTestDatabase } from '../../test/support/database.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { Host } from './host.js';
import { Platform } from './platform.js';
import { START_S, type Story } from './season.js';
import { SharedScreen } from './shared-screen.js';

const STEP_S = 20;
/** The programs go on for so long after the last match. */
const AFTERWARDS_S = 12 * 60;
/** Nobody but the host does anything for so long at the end. */
const QUIET_STEPS = 3;

export interface ForeignRunResult {
  readonly mode: ForeignWriterMode;
  readonly matches: number;
  readonly statements: number;
  /** foreign statements that failed */
  readonly failed: readonly string[];
  /** foreign statements that waited for each other, without the host, and ran again */
  readonly ownDeadlocks: number;
  readonly wrongRows: readonly string[];
  /** what the client shows at the end, and is not so */
  readonly wrongScreens: readonly string[];
  /** matches whose versions have no journal row each */
  readonly holes: readonly string[];
  /** goals told more often than scored, all matches together */
  readonly goalsTooMany: number;
  readonly tookS: number;
}

/** One season in one mode of the trigger, on a database of its own. */
export async function foreignRun(
  mode: ForeignWriterMode,
  stories: readonly Story[],
  seed: number,
): Promise<ForeignRunResult> {
  const startMs = performance.now();
  const database = await createTestDatabase();
  const client = new Client(database.url);
  await client.connect();
  const screen = new SharedScreen();
  const random = new SeededRandom(seed);
  await seedRows(client, stories, mode);
  const host = await Host.on(database.url, screen, START_S);
  const platform = new Platform(database.url, stories, screen, random);
  try {
    await play(stories, host, platform, random);
    return {
      mode,
      matches: stories.length,
      statements: platform.statements,
      failed: platform.faults,
      ownDeadlocks: platform.ownDeadlocks,
      ...(await verdictOn(client, stories, screen)),
      tookS: Math.round((performance.now() - startMs) / 100) / 10,
    };
  } finally {
    await platform.end();
    await host.end();
    await client.end();
    await database.drop();
  }
}

async function seedRows(client: Client, stories: readonly Story[], mode: ForeignWriterMode): Promise<void> {
  for (const { matchId, startS } of stories) {
    await client.query('INSERT INTO ts_matches (external_id, status_id, match_time) VALUES ($1, 1, $2)', [
      matchId,
      startS,
    ]);
  }
  await client.query(`UPDATE livescore_setting SET value = $1 WHERE name = 'foreign_writer_mode'`, [mode]);
}

async function play(stories: readonly Story[], host: Host, platform: Platform, random: SeededRandom): Promise<void> {
  const frames = stories
    .filter(({ isFed }) => isFed)
    .flatMap((story) => story.frames)
    .sort((a, b) => a.receivedAtMs - b.receivedAtMs);
  const endS = Math.max(...stories.flatMap(({ truths }) => truths.map(({ atS }) => atS))) + AFTERWARDS_S;
  let next = 0;
  await host.second();
  for (let nowS = START_S; nowS < endS; nowS += STEP_S) {
    const works: Promise<void>[] = [];
    const early = random.next() < 0.5;
    if (early) works.push(...platform.work(nowS - STEP_S, nowS));
    for (; next < frames.length; next++) {
      const frame = frames[next];
      if (!frame || frame.receivedAtMs > nowS * 1000) break;
      host.clock.set(Math.max(host.clock.nowMs(), frame.receivedAtMs));
      host.hear(frame);
    }
    host.clock.set(nowS * 1000);
    if (!early) works.push(...platform.work(nowS - STEP_S, nowS));
    await Promise.all(works);
    await host.second();
    platform.broadcastLate();
  }
  for (let step = 0; step < QUIET_STEPS; step++) {
    host.clock.advance(STEP_S * 1000);
    await host.second();
  }
}

type Row = Readonly<Record<string, unknown>>;

async function verdictOn(client: Client, stories: readonly Story[], screen: SharedScreen) {
  const { rows } = await client.query<Row>('SELECT * FROM ts_matches');
  const journal = await client.query<{ matchId: string; versions: string; newest: string }>(
    `SELECT match_id AS "matchId", count(DISTINCT version) AS versions, max(version) AS newest FROM livescore_journal GROUP BY 1`,
  );
  const versions = new Map(journal.rows.map((row) => [row.matchId, row]));
  const result = { wrongRows: [] as string[], wrongScreens: [] as string[], holes: [] as string[], goalsTooMany: 0 };
  for (const story of stories) {
    const row = rows.find(({ external_id: id }) => id === story.matchId) ?? {};
    const wrong = story.isFed ? wrongColumns(row, story) : [];
    if (wrong.length > 0) result.wrongRows.push(`${story.matchId} ${wrong.join(', ')}`);
    const shown = screen.shown.get(story.matchId);
    const [home, away] = story.isFed ? finalScore(story) : [row.home_score_display, row.away_score_display];
    const truth = `${row.status_id}:${home}-${away}`;
    const seen = shown ? `${shown.statusId}:${shown.home}-${shown.away}` : 'nothing';
    if (seen !== truth) result.wrongScreens.push(`${story.matchId} shows ${seen}, is ${truth}`);
    const known = versions.get(story.matchId);
    if (String(row.score_version) !== known?.newest || known?.versions !== known?.newest)
      result.holes.push(
        `${story.matchId} version ${row.score_version}, journal ${known?.versions} to ${known?.newest}`,
      );
    result.goalsTooMany += Math.max(0, (screen.goals.get(story.matchId) ?? 0) - goalsIn(story));
  }
  return result;
}

function wrongColumns(row: Row, { expected }: Story): readonly string[] {
  return Object.entries(expected).flatMap(([column, value]) => {
    if (column.endsWith('_source') || column.endsWith('_timestamp')) return [];
    const found = row[column];
    const isRight = JSON.stringify(found) === JSON.stringify(value) || String(found) === String(value);
    return isRight ? [] : [`${column} ${JSON.stringify(found)} for ${JSON.stringify(value)}`];
  });
}

const slotsOf = ({ expected }: Story, side: 'home' | 'away') => expected[`${side}_scores`] as Slots;

const finalScore = (story: Story) => [displayScore(slotsOf(story, 'home')), displayScore(slotsOf(story, 'away'))];

function goalsIn(story: Story): number {
  return (['home', 'away'] as const).reduce((sum, side) => {
    const slots = slotsOf(story, side);
    return sum + (slots[5] || slots[0]);
  }, 0);
}
