import { durationText } from './run-text.js';
import type { EntityStatus } from './status.js';

/** What is in the way of an entity's runs, a line each; empty when nothing is. */
export function problemsOf(one: EntityStatus): readonly string[] {
  const { error, nowMs, wanted, wantedBy, wantedAtMs } = one;
  return [
    ...(one.isStale ? [staleText(one)] : []),
    ...(error === null ? [] : [error]),
    ...(wanted === null
      ? []
      : [`${wantedBy ?? 'somebody'} asked for a run (${wanted}) ${durationText(nowMs - (wantedAtMs ?? nowMs))} ago`]),
  ];
}

/** A host that closes leaves its run behind without a heartbeat, for another one to go on. */
function staleText({ runner, startedAtMs, heartbeatAtMs, nowMs }: EntityStatus): string {
  const host = runner ?? 'unknown';
  const isLeft = heartbeatAtMs === null || heartbeatAtMs < (startedAtMs ?? 0);
  if (isLeft) return `left by its host (${host}): another one goes on with it`;
  return `no sign for ${durationText(nowMs - heartbeatAtMs)} of the host that runs it (${host})`;
}
