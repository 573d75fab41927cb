import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { type HrTime, trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { AfterCommitPublisher } from '../../src/after-commit/after-commit-publisher.js';
import { Audience } from '../../src/broadcast/ports/audience.js';
import { ChangeFollower } from '../../src/contracts/change-follower.js';
import { type Committed, CommittedChanges, type IncidentsCommitted } from '../../src/contracts/committed-changes.js';
import { ContractsModule } from '../../src/contracts/contracts.module.js';
import type { MatchEvent } from '../../src/domain/match-event.js';
import { Clock } from '../../src/kernel/clock.js';
import { FakeClock } from '../../src/testing/index.js';
import { TracingModule, type TracingOptions } from '../../src/tracing/index.js';
import { SAMPLE_NOW_MS, scoreCommitted } from '../support/committed-changes.js';

const SCORER = { time: 67, playerId: null, playerName: null };
const GOAL: MatchEvent = { type: 'goal', side: 'home', homeScore: 2, awayScore: 1, ...SCORER };
const times = { receivedAtMs: SAMPLE_NOW_MS - 12, committedAtMs: SAMPLE_NOW_MS - 4 };
const incidents: IncidentsCommitted = { kind: 'incidents', matchId: 'm', fresh: [], corrected: [], ...times };
const ms = ([seconds, nanoseconds]: HrTime) => seconds * 1_000 + nanoseconds / 1_000_000;

describe('the traces of changes', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  let app: TestingModule;
  let told: number;

  beforeEach(() => {
    trace.setGlobalTracerProvider(provider);
    told = 0;
  });

  afterEach(async () => {
    trace.disable();
    exporter.reset();
    await app.close();
  });

  /** What follows a commit, with the clients left out. */
  async function start(imports: NonNullable<Parameters<typeof Test.createTestingModule>[0]['imports']>): Promise<void> {
    const tell = (changes: readonly Committed[]) => {
      told += changes.length;
    };
    app = await Test.createTestingModule({
      imports: [ContractsModule, ...imports],
      providers: [AfterCommitPublisher, { provide: Audience, useValue: { tell } }],
    })
      .overrideProvider(Clock)
      .useValue(new FakeClock(SAMPLE_NOW_MS))
      .compile();
    await app.init();
  }

  const traced = (options?: TracingOptions) => start([TracingModule.forRoot(options)]);
  const publish = (...changes: readonly Committed[]) => app.get(CommittedChanges).publish(changes);
  const names = () => exporter.getFinishedSpans().map(({ name }) => name);

  it('tell the way of a goal from its frame to the clients', async () => {
    await traced();
    publish(scoreCommitted({}, [GOAL], times));
    const spans = new Map(exporter.getFinishedSpans().map((span) => [span.name, span]));
    const root = spans.get('livescore.change');
    expect(root?.parentSpanContext).toBeUndefined();
    expect(root?.attributes).toMatchObject({
      'livescore.match_id': 'l7oqdehg6ko3r51',
      'livescore.version': 12,
      'livescore.source': 'mqtt',
      'livescore.events': ['goal'],
    });
    const way = ['livescore.change', 'livescore.commit', 'livescore.broadcast'].map((name) => {
      const span = spans.get(name);
      return [Math.round(ms(span?.startTime ?? [0, 0])), Math.round(ms(span?.endTime ?? [0, 0]))];
    });
    const { receivedAtMs, committedAtMs } = times;
    expect(way).toEqual([
      [receivedAtMs, SAMPLE_NOW_MS],
      [receivedAtMs, committedAtMs],
      [committedAtMs, SAMPLE_NOW_MS],
    ]);
    for (const name of ['livescore.commit', 'livescore.broadcast']) {
      expect(spans.get(name)?.parentSpanContext?.spanId).toBe(root?.spanContext().spanId);
    }
  });

  it('are of goals alone, or of everything but the minute', async () => {
    await traced();
    publish(scoreCommitted({}, [], times), incidents);
    expect([names(), told]).toEqual([[], 2]);
    await app.close();
    await traced({ changes: 'all' });
    publish(scoreCommitted({}, [], times), incidents);
    expect(names().filter((name) => name === 'livescore.change')).toHaveLength(2);
  });

  it('never end before they begin, whatever the clock did', async () => {
    await traced();
    const late = { receivedAtMs: SAMPLE_NOW_MS + 5_000, committedAtMs: SAMPLE_NOW_MS - 5_000 };
    publish(scoreCommitted({}, [GOAL], late));
    const lengths = exporter.getFinishedSpans().map(({ duration }) => ms(duration));
    expect(lengths).toEqual([0, 0, 0]);
  });

  it('hold up nobody when a tracer throws', async () => {
    trace.disable();
    trace.setGlobalTracerProvider({
      getTracer: () => {
        throw new Error('no tracer');
      },
    });
    await traced();
    publish(scoreCommitted({}, [GOAL], times), scoreCommitted({ version: 13 }, [GOAL], times));
    expect(told).toBe(2);
  });

  it('are not made without the module', async () => {
    await start([]);
    publish(scoreCommitted({}, [GOAL], times));
    expect([names(), told]).toEqual([[], 1]);
    expect(() => app.get(ChangeFollower, { strict: false })).toThrow(/ChangeFollower/);
  });

  it('cost nothing that lasts where no SDK is', async () => {
    trace.disable();
    await traced();
    publish(scoreCommitted({}, [GOAL], times));
    expect([names(), told]).toEqual([[], 1]);
  });

  it('refuse another choice of changes at boot', async () => {
    const bad = { changes: 'some' } as unknown as TracingOptions;
    await start([]);
    await expect(Test.createTestingModule({ imports: [TracingModule.forRoot(bad)] }).compile()).rejects.toThrow(
      /TracingModule: option "changes" must be "goals" or "all"/,
    );
  });
});
