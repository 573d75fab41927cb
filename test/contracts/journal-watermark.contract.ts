import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JournalWatermark } from '../../src/feed-recovery/ports/journal-watermark.js';

export interface JournalWatermarkHarness {
  readonly watermark: JournalWatermark;
  /** clock of the store, unix ms */
  nowMs(): number;
  /** an update that was received at `receivedAtMs` and committed `ageMs` ago */
  commit(receivedAtMs: number, ageMs: number): Promise<void>;
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What every watermark that survives a restart promises. */
export function journalWatermarkContract(name: string, open: () => Promise<JournalWatermarkHarness>): void {
  describe(`${name} as the watermark of the journal`, () => {
    let harness: JournalWatermarkHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness.close());

    it('is the newest receipt of the last day before a moment', async () => {
      const { watermark } = harness;
      const nowMs = harness.nowMs();
      expect(await watermark.newestReceivedAtMs(nowMs)).toBeNull();
      await harness.commit(nowMs - 20_000, MINUTE_MS);
      await harness.commit(nowMs - 30_000, MINUTE_MS);
      await harness.commit(nowMs - 10_000, 2 * DAY_MS);
      await harness.commit(nowMs + 10_000, 0);
      expect(await watermark.newestReceivedAtMs(nowMs)).toBeCloseTo(nowMs - 20_000, 0);
      expect(await watermark.newestReceivedAtMs(nowMs + MINUTE_MS)).toBeCloseTo(nowMs + 10_000, 0);
    });
  });
}
