import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable, Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import * as Contracts from '../../../src/contracts/committed-changes.js';
import type { Receipt } from '../../../src/contracts/update-sink.js';
import * as Sink from '../../../src/contracts/update-sink.js';
import type { MatchUpdate } from '../../../src/domain/match-update.js';
import * as Books from '../../../src/kernel/accounting.js';
import * as Clocks from '../../../src/kernel/clock.js';
import * as Schedulers from '../../../src/kernel/scheduler.js';
import { FeedSignalStream } from '../../../src/mqtt-ingest/feed-signal-stream.js';
import * as Transport from '../../../src/mqtt-ingest/mqtt-feed-transport.js';
import * as Ingest from '../../../src/mqtt-ingest/mqtt-ingest.module.js';
import * as Connection from '../../../src/mqtt-ingest/ports/feed-connection.js';
import * as Api from '../../../src/provider/ports/provider-api.js';
import * as Errors from '../../../src/provider/provider.errors.js';
import * as Provider from '../../../src/provider/provider.module.js';
import * as Store from '../../../src/score-writer/ports/score-store.js';
import { ScoreWriter } from '../../../src/score-writer/score-writer.js';
import * as Writer from '../../../src/score-writer/score-writer.module.js';
import * as Rows from '../../../src/testing/in-memory-score-row.js';
import * as Decoder from '../../../src/thesports/decode-message.js';
import type { Build } from './build.js';
import { playTruth, type Result } from './play-truth.js';
import { tallyBy } from './tally.js';
import { readTruthArguments } from './truth-arguments.js';
import { truthTables, wrongFinals } from './truth-report.js';

const BUILD: Build = {
  parts: {
    ...Contracts,
    FeedSignals: FeedSignalStream,
    ...Sink,
    ...Books,
    ...Clocks,
    ...Schedulers,
    ...Transport,
    ...Ingest,
    ...Connection,
    ...Api,
    ...Errors,
    ...Provider,
    ...Store,
    ...Writer,
    ...Rows,
    ...Decoder,
  },
  Test,
  Logger,
};

/** Whatever lowers a count is left lying. */
@Injectable()
class WrongGuard extends ScoreWriter {
  private readonly highest = new Map<string, { readonly home: number; readonly away: number }>();

  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    super.submit(
      updates.filter((update) => this.isHighest(update)),
      receipt,
    );
  }

  private isHighest({ matchId, score }: MatchUpdate): boolean {
    const known = this.highest.get(matchId);
    if (!score || (known && (known.home > score.home[0] || known.away > score.away[0]))) return false;
    this.highest.set(matchId, { home: score.home[0], away: score.away[0] });
    return true;
  }
}

class GuardedWrongly extends Writer.ScoreWriterModule {
  static override forRoot(options: Parameters<typeof Writer.ScoreWriterModule.forRoot>[0]) {
    const definition = Writer.ScoreWriterModule.forRoot(options);
    const guard = { provide: ScoreWriter, useClass: WrongGuard };
    return { ...definition, providers: [...(definition.providers ?? []), guard] };
  }
}

function planted(wrong: Partial<Build['parts']>): Build {
  return { ...BUILD, parts: { ...BUILD.parts, ...wrong } };
}

function play(args: readonly string[], build = BUILD): Promise<readonly Result[]> {
  return playTruth(build, readTruthArguments(['--truth', ...args]));
}

const sum = (results: readonly Result[]) => [...tallyBy(results, () => 'all').values()][0];

describe('matches on the real core', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  it('a regular match with a feed that makes no mistakes ends right, a second or two behind', async () => {
    const results = await play(['--history', 'regular', '--fault', 'none', '--matches', '5']);
    expect(results).toHaveLength(20);
    expect(sum(results)).toMatchObject({ goalsWrong: 0, statusWrong: 0, falseGoals: 0, falseCancellations: 0 });
    expect(sum(results)?.scoreWrongS).toBeLessThan(20 * 20);
    expect(wrongFinals(results)).toEqual({ excused: [], faults: [] });
  });

  it('the same seed gives the same results, whatever else is played', async () => {
    const alone = await play(['--history', 'VAR after the whistle', '--fault', 'late copies', '--seed', '7']);
    const again = await play(['--history', 'VAR after the whistle', '--fault', 'late copies', '--seed', '7']);
    expect(again).toEqual(alone);
    expect(await play(['--history', 'regular', '--fault', 'duplicates', '--seed', '8'])).not.toEqual(
      await play(['--history', 'regular', '--fault', 'duplicates', '--seed', '9']),
    );
  }, 600_000);

  it('the short form has every history and every fault, on every line', async () => {
    const { cells } = readTruthArguments(['--short']);
    const all = readTruthArguments([]).cells;
    expect(new Set(cells.map(({ history }) => history))).toEqual(new Set(all.map(({ history }) => history)));
    expect(new Set(cells.map(({ fault }) => fault))).toEqual(new Set(all.map(({ fault }) => fault)));
    const results = await play(['--short', '--provider', 'answers-with-p']);
    expect(results).toHaveLength(cells.length);
    expect(sum(results)?.goalsWrong).toBeLessThan(results.length / 5);
  }, 600_000);
});

describe('a planted fault', () => {
  const args = ['--history', 'VAR in one step', '--fault', 'none', '--provider', 'answers', '--matches', '3'];

  it('is found: a guard that lets no count fall', async () => {
    const faults = wrongFinals(await play(args, planted({ ScoreWriterModule: GuardedWrongly }))).faults;
    expect(faults.length).toBeGreaterThan(0);
    expect(faults[0]).toContain('VAR in one step × none, answers');
    expect(wrongFinals(await play(args)).faults).toEqual([]);
  });

  it('is found: a store that makes every end a goal too high', async () => {
    const lies = planted({
      written: (row, write) => {
        const after = BUILD.parts.written(row, write);
        const [regular, ...others] = after.home;
        return after.status === 8 ? { ...after, home: [regular + 1, ...others] } : after;
      },
    });
    expect(wrongFinals(await play(args, lies)).faults).toHaveLength(3);
  });
});

describe('the tables', () => {
  it('show before and after with the change in percent', async () => {
    const after = await play(['--history', 'walkover', '--fault', 'none']);
    const before = after.map((result) => ({
      ...result,
      verdict: { ...result.verdict, goalsWrong: true, statusWrong: true },
    }));
    expect(truthTables(after, before).at(-1)).toMatch(/^every match: 100\.0\/100\.0 .* → 0\.0\/0\.0 .*finals −100 %/);
    expect(truthTables(after, null).at(-1)).toMatch(/^every match: 0\.0\/0\.0 · \d+\/\d+ · 0\/0$/);
  });
});
