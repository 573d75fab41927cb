import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { hostModule, LegacyCallersApp } from '../../test/rollout/legacy-callers-app.js';
import { slots as goals, scoreCommitted } from '../../test/support/committed-changes.js';
import { eventually } from '../../test/support/eventually.js';
import { slots, KICKOFF_S as T } from '../../test/support/history.js';
import { guardAgainstLeaks } from '../../test/support/leak-guard.js';
import { CommittedChanges } from '../contracts/committed-changes.js';
import { LegacyOrchestrator, type MatchUpdated } from './ports/legacy-orchestrator.js';

guardAgainstLeaks();

let app: LegacyCallersApp;
beforeEach(async () => {
  app = await LegacyCallersApp.start();
  app.store.insert('m');
});
afterEach(() => app.stop());

const GOAL = { status: 2, home: slots(1), kickoffS: T } as const;
const commit = (matchId: string, source: 'mqtt' | 'foreign' = 'mqtt') =>
  scoreCommitted({ matchId, home: goals(2) }, [], { source });

function hear(): MatchUpdated[] {
  const heard: MatchUpdated[] = [];
  app.orchestrator.on('match:updated', (event) => heard.push(event as MatchUpdated));
  return heard;
}

const all = (heard: readonly unknown[], count: number) =>
  eventually(() => heard.length >= count, { what: `${count} events` });

describe('match:updated', () => {
  it('tells the columns each commit changed and where it came from, never before the commit', async () => {
    const heard = hear();
    const versions: number[] = [];
    app.events.on('match:updated', () => versions.push(app.row().version));
    await app.framed(GOAL);
    app.clock.advance(60_000);
    expect(await app.call({ status_id: 3 }, 'watchdog')).toMatchObject({ status: 'success' });
    await all(heard, 2);
    expect(heard).toEqual([
      {
        matchId: 'm',
        fields: [
          'home_score_display',
          'home_scores',
          'home_score_regular',
          'status_id',
          'minute',
          'first_half_kickoff_ts',
        ],
        source: 'mqtt',
      },
      { matchId: 'm', fields: ['status_id', 'minute'], source: 'watchdog' },
    ]);
    expect(versions.every((version, n) => version > n)).toBe(true);
  });

  it('is silent about refused updates, duplicates and other writers', async () => {
    const heard = hear();
    await app.framed(GOAL);
    await app.framed(GOAL);
    await app.call({ status_id: 1 });
    app.module.get(CommittedChanges).publish([commit('x', 'foreign')]);
    await app.stop();
    expect(heard).toHaveLength(1);
  });

  it('tells of fresh incidents', async () => {
    const heard = hear();
    const fresh = [{ type: 3, position: 1, time: 11 }];
    app.module
      .get(CommittedChanges)
      .publish([{ kind: 'incidents', matchId: 'm', fresh, corrected: [], receivedAtMs: 0, committedAtMs: 0 }]);
    await all(heard, 1);
    expect(heard).toEqual([{ matchId: 'm', fields: ['incidents'], source: 'mqtt' }]);
  });

  it('keeps commit order over many turns, and tells what is left at the end', async () => {
    const heard = hear();
    const ids = Array.from({ length: 120 }, (_, n) => `m${n}`);
    for (const id of ids) app.module.get(CommittedChanges).publish([commit(id)]);
    expect(heard).toEqual([]);
    await app.stop();
    expect(heard.map(({ matchId }) => matchId)).toEqual(ids);
  });

  it('of more than 10,000 that wait the oldest give way', async () => {
    const heard = hear();
    const ids = Array.from({ length: 10_002 }, (_, n) => `m${n}`);
    app.module.get(CommittedChanges).publish(ids.map((id) => commit(id)));
    await app.stop();
    expect([heard.length, heard[0]?.matchId]).toEqual([10_000, 'm2']);
  });

  it('is passed on from the original, for the matches of the legacy path', async () => {
    const tell: ((event: MatchUpdated) => void)[] = [];
    class Original extends LegacyOrchestrator {
      override updateMatch = () => Promise.resolve({ status: 'success' as const });
      override on(_: 'match:updated', listener: (event: MatchUpdated) => void) {
        tell.push(listener);
      }
    }
    await app.stop();
    app = await LegacyCallersApp.start(hostModule({ provide: LegacyOrchestrator, useValue: new Original() }));
    const heard = hear();
    const event = { matchId: 'legacy', fields: ['home_score_display'], source: 'mqtt' };
    for (const listener of tell) listener(event);
    expect(heard).toEqual([event]);
  });
});

describe('a listener', () => {
  it('that throws, rejects or never ends stops neither the others nor the writer', async () => {
    app.orchestrator.on('match:updated', () => {
      throw new Error('settlement is broken');
    });
    app.orchestrator.on('match:updated', () => Promise.reject(new Error('settlement is broken')));
    app.orchestrator.on('match:updated', () => new Promise(() => undefined));
    const heard = hear();
    expect(await app.framed(GOAL)).toBe('applied/changed');
    app.clock.advance(1_000);
    expect(await app.framed({ ...GOAL, home: slots(2) })).toBe('applied/changed');
    await all(heard, 2);
  });

  it('is not called in the turn of the commit', async () => {
    const listener = jest.fn();
    app.orchestrator.on('match:updated', listener);
    app.module.get(CommittedChanges).publish([commit('m')]);
    expect(listener).not.toHaveBeenCalled();
    await eventually(() => listener.mock.calls.length === 1, { what: 'the event' });
  });

  it('of once hears one event', async () => {
    const listener = jest.fn();
    app.orchestrator.once('match:updated', listener);
    const heard = hear();
    app.module.get(CommittedChanges).publish([commit('a'), commit('b')]);
    await all(heard, 2);
    expect(listener).toHaveBeenCalledTimes(1);
  });
});
