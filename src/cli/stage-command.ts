import type { RolloutStore } from '../rollout/ports/rollout-store.js';
import type { Command, CommandOutput, Environment } from './command.js';
import { setStage } from './stage/set-stage.js';
import { showStage } from './stage/show-stage.js';
import { readStageArguments, type StageRequest } from './stage/stage-arguments.js';
import { stageHistory } from './stage/stage-history.js';
import { withRolloutStore } from './with-rollout-store.js';

export const STAGE_HELP = `livescore stage ACTION [options]

Which matches the direct path has taken over from the legacy one.

  get        what is in force: stage, share, lists, pins, by whom, when and why

  set STAGE  legacy: the legacy path writes everything
             shadow: it still does, and the direct path is compared with it
             canary: a share of the matches goes the direct way, the others are in shadow
             direct: all go the direct way
    --reason TEXT            why, for the history; required
    --by NAME                who, default the user of this shell
    --percent N              share in canary, 0 to 100
    --allow MATCH            goes the direct way in canary whatever the share; may be repeated
    --deny MATCH             stays on the legacy path in every stage; may be repeated
    --allow-competition ID   the same for a competition; may be repeated
    --deny-competition ID    the same for a competition; may be repeated
    --plan P:S,P:S,...       raise the share by itself: percent and seconds without a fault before the next step
    --reset-latch            after an automatic rollback: it has been looked into
    What is not given stays as it was. A list that is given replaces the one before; "none" empties it, or the plan.

  history    who changed what, newest first
    --limit N                at most N, 1 to 10000, default 20

  --json     print the answer as JSON

The platform database is DATABASE_URL (postgres://…). A change is in force on every host within a second.
LIVESCORE_KILL_SWITCH and LIVESCORE_MAX_STAGE in the environment of a host lower what is set here.
Exit code: 0 done, 1 somebody else changed the stage at the same moment, 2 it could not be done.`;

/** `livescore stage`. */
export const stageCommand: Command = async (argv, env, output) => {
  const request = readStageArguments(argv);
  if (request === null) {
    output.stdout(STAGE_HELP);
    return 0;
  }
  return withRolloutStore(env, (store) => perform(request, store, env, output));
};

function perform(request: StageRequest, store: RolloutStore, env: Environment, output: CommandOutput): Promise<number> {
  switch (request.action) {
    case 'get':
      return showStage(request.json, store, env, output);
    case 'set':
      return setStage(request, store, env, output);
    case 'history':
      return stageHistory(request.limit, request.json, store, output);
  }
}
