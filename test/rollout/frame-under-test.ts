import type { MatchUpdate } from '../../src/domain/match-update.js';
import { FrameReceipt } from '../../src/mqtt-ingest/frame-receipt.js';
import { settingOf } from '../contracts/rollout-store.contract.js';
import type { RouterUnderTest } from './router-under-test.js';

/** One frame as the intake submits it, and how often it was acknowledged. */
export class FrameUnderTest {
  static readonly direct = settingOf({ stage: 'direct' });
  acknowledged = 0;

  /** @param matchIds of its updates, which were all read */
  static submit(under: RouterUnderTest, json: unknown, matchIds: readonly string[]): FrameUnderTest {
    return new FrameUnderTest().pass(under, json, matchIds, []);
  }

  /** Nothing of it could be read. */
  static refused(under: RouterUnderTest, json: unknown): FrameUnderTest {
    return new FrameUnderTest().pass(under, json, [], [{}]);
  }

  private pass(
    under: RouterUnderTest,
    json: unknown,
    matchIds: readonly string[],
    rejections: readonly object[],
  ): this {
    const updates = matchIds.map((matchId): MatchUpdate => under.next(matchId, {}));
    const acknowledge = () => void this.acknowledged++;
    const payload = Buffer.from(JSON.stringify(json));
    const receipt = new FrameReceipt('feed', payload, 0, updates, undefined, acknowledge);
    under.router.submit(updates, receipt, under.direct);
    under.accounting.received(updates.length);
    under.router.arrived(receipt, { updates, rejections });
    receipt.handedOver();
    return this;
  }
}
