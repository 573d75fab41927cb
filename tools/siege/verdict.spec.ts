import { describe, expect, it } from '@jest/globals';
import { brokenPromises, type SiegeVerdict } from './verdict.js';

const RIGHT: SiegeVerdict = {
  seconds: 1_800,
  rate: 500,
  sent: 900_000,
  hostile: 3_600,
  attacks: 50,
  tries: 9_000,
  lost: 0,
  findings: 0,
  keepaliveLost: 0,
  before: { rssMb: 100, fds: 30 },
  after: { rssMb: 110, fds: 30 },
  most: { rssMb: 300, fds: 200 },
  logBytes: 10_000_000,
  loggedS: 1_800,
  healthP99Ms: 400,
  healthUnanswered: 3,
  cpuBefore: 0.3,
  cpuDuring: 0.5,
};

describe('the verdict on a siege', () => {
  it('is that nothing is lost, and everything is as it was before', () => {
    expect(brokenPromises(RIGHT, false)).toEqual([]);
    expect(brokenPromises({ ...RIGHT, after: { rssMb: 250, fds: 29 } }, true)).toEqual([]);
  });

  it.each<[Partial<SiegeVerdict>, RegExp]>([
    [{ lost: 1 }, /^1 lost/],
    [{ findings: 2 }, /^2 rows/],
    [{ keepaliveLost: 1 }, /broker was lost 1 times/],
    [{ after: { rssMb: 110.5, fds: 30 } }, /^110.5 MB afterwards, at most 110.0/],
    [{ after: { rssMb: Number.NaN, fds: 30 } }, /^NaN MB/],
    [{ after: { rssMb: 100, fds: 31 } }, /^31 open files afterwards, at most 30/],
    [{ logBytes: 10_100_001 }, /^10100001 bytes of log/],
    [{ tries: 0 }, /^nobody attacked/],
  ])('tells what does not hold: %j', (change, fault) => {
    expect(brokenPromises({ ...RIGHT, ...change }, false)).toEqual([expect.stringMatching(fault)]);
  });
});
