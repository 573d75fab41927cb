import type { RolloutSetting, RolloutStore } from '../../rollout/ports/rollout-store.js';
import { CommandError } from '../cli.errors.js';
import type { CommandOutput, Environment } from '../command.js';
import { operator } from '../with-rollout-store.js';
import { settingLines, settingOf, stageText } from './setting-text.js';
import type { SetRequest } from './stage-arguments.js';

/** Changes the setting, unless somebody else does at the same moment. */
export async function setStage(
  { wanted, resetLatch, reason, by, json }: SetRequest,
  store: RolloutStore,
  env: Environment,
  { stdout, stderr }: CommandOutput,
): Promise<number> {
  const who = operator(by, env);
  const { change: before } = await store.read();
  const present = settingOf(before);
  if (present.latched && !resetLatch && wanted.stage !== 'legacy') throw new LatchedError(before?.reason ?? '');
  const setting: RolloutSetting = { ...present, ...wanted, latched: present.latched && !resetLatch };
  const change = await store.append(setting, who, reason, before?.id ?? null);
  if (!change) {
    stderr('Somebody else changed the stage at this moment: nothing was set. See: livescore stage get');
    return 1;
  }
  if (json) stdout(JSON.stringify({ id: change.id, from: present, to: settingOf(change) }));
  else {
    stdout(`${stageText(present)} → ${stageText(setting)}, in force everywhere within a second`);
    for (const text of settingLines(setting).slice(1)) stdout(text);
  }
  return 0;
}

class LatchedError extends CommandError {
  constructor(why: string) {
    super(
      'LIVESCORE_ROLLOUT_LATCHED',
      `the rollout was taken back automatically (${why}): look at what happened, then set the stage with --reset-latch`,
    );
  }
}
