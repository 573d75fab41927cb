import type { Findings } from './findings.js';
import { formatPosition, type Held } from './position.js';
import type { TrueVersion } from './told-versions.js';

/** A step from one version to another, as a frame claims it. */
export interface ClaimedStep {
  readonly matchId: string;
  readonly from: Held;
  readonly to: Held;
}

/**
 * Steps that frames claimed to be one, and that are not one by their numbers. A client compares `previous` with what it has and
 * takes nothing apart: what was committed in between it misses without knowing, unless the frame says `conflated`.
 */
export class ClaimedSteps {
  private readonly steps = new Map<string, { readonly step: ClaimedStep; clients: number }>();

  note(step: ClaimedStep): void {
    const { matchId, from, to } = step;
    if (from.epoch === to.epoch && to.version === from.version + 1) return;
    const key = `${matchId} ${formatPosition(from)} ${formatPosition(to)}`;
    const known = this.steps.get(key);
    if (known) known.clients += 1;
    else this.steps.set(key, { step, clients: 1 });
  }

  /** Notes each client that a version was kept from. */
  judge(journal: Iterable<TrueVersion>, findings: Findings): void {
    if (this.steps.size === 0) return;
    const steps = [...this.steps.values()];
    const matches = new Set(steps.map(({ step }) => step.matchId));
    for (const { matchId, epoch, version } of journal) {
      if (!matches.has(matchId)) continue;
      for (const { step, clients } of steps.filter((one) => one.step.matchId === matchId)) {
        const { from, to } = step;
        if (epoch !== to.epoch || version >= to.version) continue;
        if (from.epoch === epoch && version <= from.version) continue;
        findings.note(
          'undetected-gap',
          `${matchId}: a CHANGE from ${formatPosition(from)} to ${formatPosition(to)} kept ${epoch}.${version} from ${clients} clients`,
          clients,
        );
      }
    }
  }
}
