import { Inject, Injectable } from '@nestjs/common';
import { NoLegacyPathError } from '../legacy-bridge/ports/legacy-path.errors.js';
import { RolloutReads } from './ports/rollout-reads.js';
import { type RolloutChange, type RolloutSetting, type RolloutStage, RolloutStore } from './ports/rollout-store.js';
import { RolloutLatchedError } from './rollout.errors.js';
import { FIRST_SETTING } from './routing/route-rules.js';

/** What an operator wants of the setting; what is absent stays as it is. */
export interface WantedSetting extends Partial<Omit<RolloutSetting, 'stage' | 'latched'>> {
  readonly stage: RolloutStage;
}

/** A change that was worked out and not made. */
export interface PreparedChange {
  /** the change in force; null before the first one */
  readonly before: RolloutChange | null;
  readonly present: RolloutSetting;
  readonly setting: RolloutSetting;
}

/** Changes that operators make to the rollout, from a terminal or from the page: stage, lists, plan, and pins. */
@Injectable()
export class StageChanges {
  constructor(
    @Inject(RolloutStore) private readonly store: RolloutStore,
    @Inject(RolloutReads) private readonly reads: RolloutReads,
  ) {}

  /**
   * Works out the setting that is wanted.
   * @param latchHolds what to do where an automatic rollback holds; null: it has been looked into
   * @throws NoLegacyPathError @throws RolloutLatchedError
   */
  async prepare(wanted: WantedSetting, latchHolds: string | null): Promise<PreparedChange> {
    if (wanted.stage !== 'direct') await this.needLegacyPath();
    const { change: before } = await this.store.read();
    const present = settingOf(before);
    if (present.latched && latchHolds !== null && wanted.stage !== 'legacy') {
      throw new RolloutLatchedError(before?.reason ?? '', latchHolds);
    }
    return { before, present, setting: { ...present, ...wanted, latched: present.latched && latchHolds !== null } };
  }

  /** @returns null when somebody else changed it since: nothing was set */
  append({ before, setting }: PreparedChange, by: string, reason: string): Promise<RolloutChange | null> {
    return this.store.append(setting, by, reason, before?.id ?? null);
  }

  /**
   * @param route null removes the pin
   * @returns false: there is none to remove, and nothing was done
   * @throws NoLegacyPathError
   */
  async pin(matchId: string, route: 'legacy' | 'direct' | null, by: string, reason: string | null): Promise<boolean> {
    if (route === 'legacy') await this.needLegacyPath();
    if (route === null && (await this.reads.pinOf(matchId)) === null) return false;
    await this.store.pin(matchId, route, by, reason);
    return true;
  }

  /** @throws NoLegacyPathError */
  async needLegacyPath(): Promise<void> {
    if ((await this.store.legacyBinding()) === 'none') throw new NoLegacyPathError();
  }
}

/** The setting without when, who and why. */
export function settingOf(change: RolloutChange | null): RolloutSetting {
  if (!change) return FIRST_SETTING;
  const { id: _id, changedAtMs: _at, changedBy: _by, reason: _reason, ...setting } = change;
  return setting;
}
