import { expect, it } from '@jest/globals';
import { cases } from '../../test/support/long-form.js';
import { FuzzRun } from './fuzz.js';

const PAYLOADS = cases(4_000, 20_000);

/** `npm run fuzz` takes a million of them, from a seed of its own. */
it(`${PAYLOADS} random and mutated payloads leave right rows and balanced books`, async () => {
  const result = await new FuzzRun(20_221_218, PAYLOADS).run();
  expect(result).toMatchObject({
    payloads: PAYLOADS,
    acknowledged: PAYLOADS,
    unaccounted: 0,
    wrongRows: 0,
    faults: [],
  });
  // both ways out are well trodden
  expect(result.applied).toBeGreaterThan(PAYLOADS / 20);
  expect(result.malformed).toBeGreaterThan(PAYLOADS / 10);
});
