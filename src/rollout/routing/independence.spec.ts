import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { hostModule, LegacyCallersApp } from '../../../test/rollout/legacy-callers-app.js';
import { slots, KICKOFF_S as T, toUpdate } from '../../../test/support/history.js';
import { guardAgainstLeaks } from '../../../test/support/leak-guard.js';
import { AfterCommitModule } from '../../after-commit/after-commit.module.js';
import { BroadcastModule } from '../../broadcast/broadcast.module.js';
import { LegacyBroadcastPort } from '../../broadcast/ports/legacy-broadcast.js';
import { MatchCacheModule } from '../../cache/cache.module.js';
import { MatchRouter } from '../../contracts/match-router.js';
import type { MatchUpdate } from '../../domain/match-update.js';
import { Accounting } from '../../kernel/accounting.js';
import { type Cancel, Scheduler } from '../../kernel/scheduler.js';
import { LegacyOrchestrator } from '../../legacy-bridge/ports/legacy-orchestrator.js';
import { LegacyScorePath } from '../../legacy-bridge/ports/legacy-score-path.js';
import { Database } from '../../postgres/database.js';
import { RolloutModule } from '../rollout.module.js';

guardAgainstLeaks();

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** What a neighbour does when it is called. */
type Behaviour = 'throws' | 'rejects' | 'never answers';

function misbehave(behaviour: Behaviour): never {
  if (behaviour === 'throws') throw new Error('a neighbour is broken');
  const answer = behaviour === 'rejects' ? Promise.reject(new Error('a neighbour is broken')) : new Promise(() => {});
  return answer as never;
}

/** No timer ever fires: whoever waits for a bound of its own waits for ever. */
class StoppedScheduler extends Scheduler {
  override after(): Cancel {
    return () => undefined;
  }
  override every(): Cancel {
    return () => undefined;
  }
  override random(): number {
    return 0.5;
  }
}

let app: LegacyCallersApp | undefined;
afterEach(async () => {
  await app?.stop();
  app = undefined;
});

/**
 * A host whose cache, queue, broadcaster, orchestrator and listeners all do the same, and so does the database, except
 * for the rows of the matches.
 */
async function startAmong(behaviour: Behaviour, scheduler: Scheduler): Promise<LegacyCallersApp> {
  const bad = () => misbehave(behaviour);
  const queue = { enqueue: bad, flush: bad, getStats: bad, stop: bad };
  const started = await LegacyCallersApp.startOn(
    scheduler,
    hostModule(
      { provide: Database, useValue: { query: bad, queryOnDedicatedConnection: bad } },
      { provide: LegacyScorePath, useValue: queue },
      { provide: LegacyBroadcastPort, useValue: { broadcast: bad } },
      { provide: LegacyOrchestrator, useValue: { updateMatch: bad, on: bad } },
    ),
    RolloutModule.forRoot({}),
    MatchCacheModule.forRoot({ cache: { get: bad, set: bad, del: bad }, timeoutMs: 50 }),
    BroadcastModule.forRoot({}),
    AfterCommitModule,
  );
  for (const event of ['match:updated', 'match:update:retry']) started.events.on(event, bad);
  for (const id of ['m', 'old']) started.store.insert(id);
  app = started;
  return started;
}

/** One message about a match of each path: the fates of both, in the order they are told. */
function message(on: LegacyCallersApp, home: number): Promise<readonly string[]> {
  const report = { atS: T + 600 + home, status: 2, home: slots(home), kickoffS: T } as const;
  const updates: MatchUpdate[] = ['old', 'm'].map((matchId) => ({ ...toUpdate(report), matchId }));
  on.clock.set(report.atS * 1000);
  on.module.get(Accounting).received(updates.length);
  const fates: string[] = [];
  return new Promise((done) => {
    on.sink.submit(updates, {
      awaitsCommit: true,
      concluded({ matchId }, { kind }) {
        fates.push(`${matchId} ${kind}`);
        if (fates.length === updates.length) done(fates);
      },
    });
  });
}

describe.each<Behaviour>(['throws', 'rejects', 'never answers'])('a neighbour that %s', (behaviour) => {
  it('is not waited for: every goal is committed and acknowledged, though no timer ever fires', async () => {
    const among = await startAmong(behaviour, new StoppedScheduler());
    expect(['m', 'old'].map((id) => among.module.get(MatchRouter).routeOf(id))).toEqual(['direct', 'legacy']);
    for (const home of [1, 2, 3]) expect(await message(among, home)).toEqual(['old legacy', 'm applied']);
    expect(among.row()).toMatchObject({ version: 3, home: slots(3) });
    expect(among.store.row('old')?.version).toBe(0);
    expect(await among.call({ home_score_display: 4 }, 'mqtt')).toMatchObject({ status: 'success' });
    expect(among.unaccounted()).toBe(0);
  });
});

/** Every file that is loaded when this one is. */
function closureOf(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles) {
    if (fileName.startsWith('.')) closureOf(resolve(dirname(file), fileName.replace(/\.js$/, '.ts')), seen);
  }
  return seen;
}

describe('the source of the direct path', () => {
  it('knows no rollout, no cache, no sockets and no listeners', () => {
    const entries = [
      'score-writer/score-writer.module.ts',
      'match-details/match-details.module.ts',
      'thesports/decode-message.ts',
    ];
    const files = new Set(entries.flatMap((entry) => [...closureOf(resolve(ROOT, 'src', entry))]));
    const features = new Set([...files].map((file) => relative(resolve(ROOT, 'src'), file).split('/')[0]));
    expect([...features].sort()).toEqual([
      'contracts',
      'domain',
      'foreign-writers',
      'kernel',
      'match-details',
      'mqtt-ingest',
      'platform',
      'postgres',
      'provider',
      'score-writer',
      'thesports',
    ]);
  });

  it('never awaits the router: what it answers is nothing', () => {
    const text = readFileSync(resolve(ROOT, 'src/contracts/match-router.ts'), 'utf8');
    expect(text).toMatch(/abstract submit\([^)]*\): void;/);
    expect(text).not.toContain('Promise');
  });
});
