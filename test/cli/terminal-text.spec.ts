import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { runCli } from '../support/run-cli.js';

guardAgainstLeaks();

/** Clears the screen, colours, rings, turns the text around, hides, and begins a line of its own. */
const HOSTILE = 'x\u001b[2J\u009b31m\u0007\u202e\u200b\u2028\nlivescore: all is well';
const UNSHOWN = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u;

describe('text that others chose', () => {
  let database: TestDatabase;
  let folder: string;
  let id: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = mkdtempSync(join(tmpdir(), 'livescore-text-'));
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query('SELECT set_config($1, $2, false)', ['test.text', HOSTILE]);
    const text = async (sql: string) =>
      (await client.query(sql.replaceAll('TEXT', `current_setting('test.text')`))).rows[0];
    ({ id } = await text(`INSERT INTO livescore_dead_letter (reason, detail, match_id, topic, payload, received_at)
      VALUES ('malformed', TEXT, TEXT, TEXT, convert_to(TEXT, 'UTF8'), now()) RETURNING id`));
    await text(`INSERT INTO livescore_rollout (stage, changed_by, reason, allow_matches, deny_competitions)
      VALUES ('canary', TEXT, TEXT, jsonb_build_array(TEXT), jsonb_build_array(TEXT))`);
    await text(`INSERT INTO livescore_pin (match_id, route, pinned_by, reason) VALUES (TEXT, 'direct', TEXT, TEXT)`);
    await text('UPDATE livescore_setting SET changed_by = TEXT, reason = TEXT');
    await text(`INSERT INTO livescore_host (host, key, facts) VALUES (TEXT, TEXT, '{}')`);
    await text(`UPDATE livescore_lease SET holder = TEXT, expires_at = 'infinity'`);
    await text(`INSERT INTO livescore_rollout_decision (verdict, action, stage, percent, reason, numbers)
      VALUES (left(TEXT, 10), left(TEXT, 10), 'canary', 1, TEXT, '{}')`);
    await text(`INSERT INTO livescore_journal (match_id, epoch, version, source, after)
      VALUES (TEXT, 0, 1, left(TEXT, 10), '{"status":2,"home":null,"away":null,"kickoffs":[]}')`);
    await client.end();
    writeFileSync(
      join(folder, 'cup.json'),
      JSON.stringify({
        name: HOSTILE,
        matches: [{ team1: HOSTILE, team2: HOSTILE, score: { ft: [1, 0] } }, { team1: HOSTILE }],
      }),
    );
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await database.drop();
  });

  it.each([
    ['dead-letters', 'list'],
    ['dead-letters', 'list', '--json'],
    ['dead-letters', 'list', '--payload', 'ID'],
    ['dead-letters', 'purge', '--all'],
    ['stage', 'get'],
    ['stage', 'get', '--json'],
    ['stage', 'history'],
    ['rollout', 'report'],
    ['rollout', 'report', '--json'],
    ['foreign-writers', 'get'],
    ['foreign-writers', 'get', '--json'],
    ['pin', HOSTILE, 'direct'],
    ['explain', HOSTILE],
    ['revert', '--match', HOSTILE],
    ['migrate', 'revert'],
    ['replay', 'FILE'],
    ['replay', '/no/such/file'],
    [HOSTILE],
  ])('does not reach the terminal: %j', async (...argv) => {
    const given = argv.map((word) => (word === 'ID' ? id : word === 'FILE' ? join(folder, 'cup.json') : word));
    const env = { DATABASE_URL: database.url, MQTT_URL: 'mqtt://127.0.0.1:1', PORT: '1', USER: HOSTILE };
    const { stdout, stderr } = await runCli(given, env);
    expect(stdout + stderr).not.toBe('');
    expect(stdout + stderr).not.toMatch(UNSHOWN);
    if (!given.includes('--payload')) expect(stdout + stderr).not.toMatch(/^livescore: all is well/m);
  });
});
