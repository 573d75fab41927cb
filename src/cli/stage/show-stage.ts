import type { RolloutStore } from '../../rollout/ports/rollout-store.js';
import { environmentCaps } from '../../rollout/rollout.options.js';
import type { CommandOutput, Environment } from '../command.js';
import { line, printable, settingLines, settingOf, timeText } from './setting-text.js';

/** What is in force, and what the environment of this shell would lower. */
export async function showStage(
  json: boolean,
  store: RolloutStore,
  env: Environment,
  { stdout }: CommandOutput,
): Promise<number> {
  const { change, pins, allowedByCompetition, deniedByCompetition } = await store.read();
  const caps = environmentCaps(env);
  const setting = settingOf(change);
  if (json) {
    const changed = change && { id: change.id, at: timeText(change.changedAtMs), by: change.changedBy };
    stdout(
      JSON.stringify({
        ...setting,
        changed: changed && { ...changed, reason: change.reason },
        pins: Object.fromEntries(pins),
        matchesByCompetition: { allowed: [...allowedByCompetition], denied: [...deniedByCompetition] },
        environment: caps,
      }),
    );
    return 0;
  }
  for (const text of settingLines(setting)) stdout(text);
  for (const [matchId, route] of pins) stdout(line('pinned', `${printable(matchId)} ${route}`));
  if (change) stdout(line('changed', `${timeText(change.changedAtMs)} by ${printable(change.changedBy)}`));
  stdout(line('because', change ? printable(change.reason) : 'nobody has set anything'));
  if (caps.killSwitch) stdout(line('this environment', 'LIVESCORE_KILL_SWITCH: everything is legacy where it is set'));
  if (caps.maxStage !== 'direct') stdout(line('this environment', `LIVESCORE_MAX_STAGE: ${caps.maxStage} at most`));
  return 0;
}
