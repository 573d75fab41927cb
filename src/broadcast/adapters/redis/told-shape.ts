import { isFields } from '../../../kernel/fields.js';
import { type Position, positionText } from '../../ports/position.js';
import type { Told, VersionTold } from '../../ports/told.js';

const SLOTS = 7;

/** Is it what another instance tells of a commit? What it says of the match is not judged: the journal does that. */
export function isTold(value: unknown): value is Told {
  if (!isFields(value) || !isText(value.matchId) || !Array.isArray(value.frames)) return false;
  const { matchId, frames, version, clock, details, again } = value;
  return (
    frames.every(isFrame) &&
    (version === undefined || isVersion(version, matchId as string)) &&
    (clock === undefined || isClock(clock)) &&
    isMark(details) &&
    isMark(again)
  );
}

function isFrame(value: unknown): boolean {
  return isFields(value) && isText(value.type) && isText(value.matchId);
}

function isVersion(value: unknown, matchId: string): value is VersionTold {
  if (!isFields(value) || !isPosition(value.previous) || !isPosition(value.position)) return false;
  const { position, state, clock, events, committedAt, catchUp } = value;
  return (
    isState(state, matchId, positionText(position as Position)) &&
    isClock(clock) &&
    Array.isArray(events) &&
    events.every((event) => isFields(event) && isText(event.type)) &&
    isNumber(committedAt) &&
    isMark(catchUp)
  );
}

function isState(value: unknown, matchId: string, position: string): boolean {
  if (!isFields(value) || value.matchId !== matchId || value.position !== position) return false;
  const { statusId, homeScore, awayScore, scores, kickoffs, source, receivedAt } = value;
  return (
    [statusId, homeScore, awayScore].every(isCount) &&
    isFields(scores) &&
    isSlots(scores.home) &&
    isSlots(scores.away) &&
    isFields(kickoffs) &&
    [kickoffs.firstHalf, kickoffs.secondHalf, kickoffs.overtime].every(isNumberOrNull) &&
    isText(source) &&
    isNumber(receivedAt)
  );
}

function isClock(value: unknown): boolean {
  if (!isFields(value)) return false;
  const { period, startedAt, baseSeconds, normalSeconds, addedAnnouncedMinutes, running, estimated } = value;
  return (
    (period === null || isText(period)) &&
    [startedAt, addedAnnouncedMinutes].every(isNumberOrNull) &&
    [baseSeconds, normalSeconds].every(isNumber) &&
    [running, estimated].every((flag) => typeof flag === 'boolean')
  );
}

function isPosition(value: unknown): boolean {
  return isFields(value) && isCount(value.epoch) && isCount(value.version);
}

function isSlots(value: unknown): boolean {
  return Array.isArray(value) && value.length === SLOTS && value.every(isNumber);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isNumber(value: unknown): boolean {
  return Number.isFinite(value);
}

function isNumberOrNull(value: unknown): boolean {
  return value === null || isNumber(value);
}

/** A mark is there and true, or not there. */
function isMark(value: unknown): boolean {
  return value === undefined || value === true;
}
