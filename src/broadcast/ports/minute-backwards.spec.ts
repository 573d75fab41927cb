import { describe, expect, it } from '@jest/globals';
import { scoreCommitted } from '../../../test/support/committed-changes.js';
import { freshMatch, type Report, slots, KICKOFF_S as T } from '../../../test/support/history.js';
import { cases } from '../../../test/support/long-form.js';
import { SeededRandom } from '../../../test/support/seeded-random.js';
import { VirtualMatch } from '../../../test/support/virtual-match.js';
import { deriveEvents } from '../../domain/derive-events.js';
import type { MatchStatus } from '../../domain/match-status.js';
import { framesOf } from './client-frames.js';

interface Truth {
  readonly status: MatchStatus;
  readonly kickoffS: number | null;
}

/** What is true of a match, second by second after its kick-off. */
function truthAt(second: number): Truth {
  if (second < 2_820) return { status: 2, kickoffS: T };
  if (second < 3_720) return { status: 3, kickoffS: null };
  if (second < 6_600) return { status: 4, kickoffS: T + 3_720 };
  if (second < 7_000) return { status: 4, kickoffS: T + 3_720 };
  return second < 9_000 ? { status: 5, kickoffS: T + 7_000 } : { status: 8, kickoffS: null };
}

/** Frames as a bad feed has them: old states, repeated, without a kick-off or with a wrong one, and a clock that steps. */
class BadFeed {
  private readonly match: VirtualMatch;
  private readonly wrongS: number;
  private goals = 0;
  frames = 0;

  constructor(private readonly random: SeededRandom) {
    this.match = new VirtualMatch(T);
    const fallbackKickoffS = T - random.pick([0, 600, 1_800]);
    this.match.state = freshMatch({ fallbackKickoffS });
    this.wrongS = random.pick([-300, -90, 45, 120, 900]);
  }

  /** The changes of one match, with the frames that clients got of each. */
  play(frames: number) {
    const { random, match } = this;
    let second = 0;
    return Array.from({ length: frames }, () => {
      second += random.below(2 * Math.ceil(9_300 / frames));
      match.nowS = T + second - (random.next() < 0.05 ? random.below(130) : 0);
      const seen = random.next() < 0.15 ? Math.max(0, second - random.below(2_000)) : second;
      const before = match.state;
      match.push(this.reportAt(seen));
      this.frames += 1;
      const { state: after } = match;
      const change = scoreCommitted(after, deriveEvents(before, after, []), { before });
      return { before, after, told: after === before ? [] : framesOf(change, match.nowS * 1000) };
    });
  }

  private reportAt(second: number): Omit<Report, 'atS'> {
    const { random } = this;
    const { status, kickoffS } = truthAt(second);
    if (random.next() < 0.1) this.goals += 1;
    const isWrong = random.next() < 0.2;
    const shown = kickoffS === null || random.next() < 0.2 ? null : kickoffS + (isWrong ? this.wrongS : 0);
    return { status, kickoffS: shown, home: slots(this.goals) };
  }
}

describe('the minute of a match under a bad feed', () => {
  it('never goes back inside a period, except with a kick-off that the frame says was corrected', () => {
    const random = new SeededRandom(12);
    const wrong: unknown[] = [];
    let [frames, corrected] = [0, 0];
    while (frames < cases(20_000, 100_000)) {
      const feed = new BadFeed(random);
      for (const { before, after, told } of feed.play(200)) {
        const isBack = before.status === after.status && (after.minute ?? 0) < (before.minute ?? 0);
        if (!isBack) continue;
        const said = told.filter((frame) => 'kickoffCorrected' in frame && frame.kickoffCorrected);
        corrected += 1;
        if (said.length === 0 || said.length < told.length) wrong.push({ before, after, told });
      }
      frames += feed.frames;
    }
    expect(wrong.slice(0, 1)).toEqual([]);
    expect(corrected).toBeGreaterThan(10);
  });
});
