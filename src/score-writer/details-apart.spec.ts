import { describe, expect, it, jest } from '@jest/globals';
import { KICKOFF_S as T, toUpdate } from '../../test/support/history.js';
import { WriterUnderTest } from '../../test/support/writer-under-test.js';
import { DetailsSink } from '../contracts/details-sink.js';
import type { Receipt } from '../contracts/update-sink.js';
import type { MatchUpdate } from '../domain/match-update.js';
import { APPLIED } from '../domain/outcomes.js';
import { InMemoryScoreStore } from '../testing/index.js';

class PromptSink extends DetailsSink {
  readonly receipts: (Receipt | undefined)[] = [];
  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    this.receipts.push(receipt);
    for (const update of updates) if (update.statistics) receipt?.concluded(update, APPLIED);
  }
}

const scoreOnly: MatchUpdate = { ...toUpdate({ atS: T, status: 2 }), matchId: 'm' };
const both: MatchUpdate = { ...scoreOnly, matchId: 'n', statistics: [] };
const detailsOnly: MatchUpdate = { ...scoreOnly, matchId: 'o', score: undefined, statistics: [] };

async function submit(details: DetailsSink | undefined, updates: readonly MatchUpdate[]) {
  const store = new InMemoryScoreStore();
  for (const id of ['m', 'n', 'o']) store.insert(id);
  const under = await WriterUnderTest.on(store, {}, details ? { details } : {});
  const concluded = jest.fn<Receipt['concluded']>();
  const receipt = { awaitsCommit: true, concluded };
  under.writer.submit(updates, receipt);
  await under.settled();
  await under.stop();
  const told = concluded.mock.calls.map(([{ matchId }, { kind, reason }]) => `${matchId} ${kind}/${reason}`);
  return { told, receipt, balance: under.accounting.balance() };
}

describe('score and details of an update', () => {
  it('tells one fate for each update, whatever it carries', async () => {
    const { told } = await submit(new PromptSink(), [scoreOnly, both, detailsOnly]);
    expect(told).toEqual(['o applied/changed', 'm applied/changed', 'n applied/changed']);
  });

  it('hands on the receipt as it is when no update has two parts', async () => {
    const sink = new PromptSink();
    const { receipt } = await submit(sink, [scoreOnly, detailsOnly]);
    expect(sink.receipts).toEqual([receipt]);
  });

  it('without anybody to keep details they change nothing, and are counted so', async () => {
    const { told, balance } = await submit(undefined, [detailsOnly, both]);
    expect(told).toEqual(['o duplicate/details-not-kept', 'n applied/changed']);
    expect(balance).toMatchObject({ duplicate: 1 });
  });
});
