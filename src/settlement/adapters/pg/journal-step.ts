import { isMatchStatus, MatchStatus } from '../../../domain/match-status.js';
import type { CommittedStep } from '../../../domain/settlement/settlement-path.js';
import { toInteger, toSlots } from '../../../platform/read-value.js';
import type { UnsettledMatch } from '../../ports/prediction-repository.js';

interface StateJson {
  readonly status: unknown;
  readonly home: unknown;
  readonly away: unknown;
  /** an operator's transaction, or a source whose word stands, wrote it */
  readonly authority?: unknown;
}

/** A row of the journal, its version and times as numbers. */
export interface StepJson extends Omit<CommittedStep, 'status' | 'home' | 'away'> {
  readonly before: StateJson | null;
  readonly after: StateJson;
}

/** Versions in order, and the state before the first one. */
export function toSteps(rows: readonly StepJson[]): Pick<UnsettledMatch, 'steps' | 'before'> {
  const [first] = rows;
  return {
    steps: rows.map((row) => toStep(row, row.after)),
    before: first?.before ? toStep({ ...first, version: first.version - 1 }, first.before) : null,
  };
}

export function toStep({ epoch, version, source, providerTimeS, atMs }: StepJson, state: StateJson): CommittedStep {
  const status = toInteger(state.status);
  return {
    epoch,
    version,
    source: state.authority === true ? 'admin' : source,
    status: isMatchStatus(status) ? status : MatchStatus.NotStarted,
    home: toSlots(state.home),
    away: toSlots(state.away),
    providerTimeS,
    atMs,
  };
}
