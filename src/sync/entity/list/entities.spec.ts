import { describe, expect, it } from '@jest/globals';
import { ENTITIES } from './index.js';

describe('the entities', () => {
  it('are parents before children, each with a table, an endpoint and a schedule of its own', () => {
    const names = ENTITIES.map(({ name }) => name);
    for (const { parents } of ENTITIES) for (const parent of parents) expect(names).toContain(parent);
    ENTITIES.forEach(({ parents }, n) => {
      for (const parent of parents) expect(names.indexOf(parent)).toBeLessThan(n);
    });
    for (const field of ['table', 'endpoint'] as const)
      expect(new Set(ENTITIES.map((one) => one[field])).size).toBe(ENTITIES.length);
    const crons = ENTITIES.flatMap(({ schedules }) => schedules.map(({ cron }) => cron));
    expect(new Set(crons).size).toBe(crons.length);
  });
});
