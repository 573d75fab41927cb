import { describe, expect, it } from '@jest/globals';
import { cases } from '../../test/support/long-form.js';
import { mutatePayload } from '../../test/support/mutate-payload.js';
import { FEED_SAMPLES, payload } from '../../test/support/payloads.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { updateFaults } from '../../test/support/update-faults.js';
import { decodeMessage } from './decode-message.js';
import type { Origin } from './decoded-message.js';

const ORIGIN: Origin = { source: 'mqtt', delivery: 'push', receivedAtMs: 1, requestedAtMs: null };
const SEED = 20_221_218;
const RUNS = cases(10_000, 100_000);
const SAMPLES = FEED_SAMPLES.map(payload);

describe('mutated payloads', () => {
  it(`${RUNS} of them never throw, and every number that gets through stands in the payload`, () => {
    const random = new SeededRandom(SEED);
    let updates = 0;
    let refused = 0;
    for (let run = 0; run < RUNS; run++) {
      const bytes = mutatePayload(random.pick(SAMPLES), random);
      const decoded = decodeMessage(bytes, ORIGIN);
      refused += decoded.rejections.length > 0 ? 1 : 0;
      updates += decoded.updates.length;
      if (decoded.updates.length === 0) continue;
      const json: unknown = JSON.parse(bytes.toString());
      const faults = decoded.updates.flatMap((update) => updateFaults(update, json));
      if (faults.length > 0) expect({ run, payload: bytes.toString(), faults }).toEqual({ faults: [] });
    }
    // both ways out are well trodden, or the mutations are too weak or too strong to prove anything
    expect(updates).toBeGreaterThan(RUNS / 10);
    expect(refused).toBeGreaterThan(RUNS / 10);
  });
});
