import { shown } from './text.js';

/** A kind says how a fact is written; the unit is part of it. */
export type Kind =
  | 'text'
  | 'count'
  | 'ms'
  | 's'
  | 'percent'
  | 'share'
  | 'mb'
  | 'rate'
  | 'time'
  | 'flag'
  | 'list'
  | 'bytes'
  | 'plain'
  | 'score'
  | 'plan'
  | 'state';

const NOTHING = '–';
const NUMBERS = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const ONE = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const TWO = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: '2-digit' });
const KIB = 1024;

/** Writes a fact for people. Null and what is absent is a dash: nothing is known, which is not zero. */
export function written(value: unknown, kind: Kind): string {
  if (value === null || value === undefined || value === '') return NOTHING;
  if (typeof value === 'number') return numberText(value, kind);
  if (kind === 'time') return timeText(Date.parse(String(value)));
  if (kind === 'flag') return value ? 'yes' : 'no';
  if (kind === 'state') return stateText(value as State);
  if (Array.isArray(value)) return listText(value, kind);
  // a BIGINT arrives as a string
  if (kind === 'count' && /^\d{1,15}$/.test(String(value))) return NUMBERS.format(Number(value));
  return shown(value);
}

interface State {
  readonly status?: number | null;
  readonly home?: number | null;
  readonly away?: number | null;
}

/** Score and status of a match. */
export function stateText({ status = null, home = null, away = null }: State): string {
  return `${home ?? NOTHING}:${away ?? NOTHING} in status ${status ?? NOTHING}`;
}

function listText(values: readonly unknown[], kind: Kind): string {
  if (values.length === 0) return NOTHING;
  if (kind === 'score') return values.map((goals) => (goals === null ? NOTHING : shown(goals))).join(':');
  if (kind === 'plan') return values.map((one) => stepText(one as { percent?: number; soakS?: number })).join(', ');
  return values.map(shown).join(', ');
}

function stepText({ percent, soakS }: { readonly percent?: number; readonly soakS?: number }): string {
  return `${written(percent, 'percent')} for ${written(soakS, 's')}`;
}

function numberText(value: number, kind: Kind): string {
  if (!Number.isFinite(value)) return NOTHING;
  switch (kind) {
    case 'ms':
      return `${(value < 100 ? ONE : NUMBERS).format(value)} ms`;
    case 's':
      return spanText(value);
    case 'percent':
      return `${TWO.format(value)} %`;
    case 'share':
      return `${TWO.format(value * 100)} %`;
    case 'mb':
      return `${NUMBERS.format(value)} MB`;
    case 'bytes':
      return `${ONE.format(value / KIB / KIB)} MB`;
    case 'rate':
      return `${ONE.format(value)}/s`;
    case 'time':
      return timeText(value);
    case 'plain':
      return String(value);
    default:
      return (Number.isInteger(value) ? NUMBERS : TWO).format(value);
  }
}

/** A time of today is a clock time, another one has its day. */
export function timeText(atMs: number, nowMs = Date.now()): string {
  if (!Number.isFinite(atMs)) return NOTHING;
  const at = new Date(atMs);
  const clock = CLOCK.format(at);
  return DAY.format(at) === DAY.format(new Date(nowMs)) ? clock : `${DAY.format(at)} ${clock}`;
}

/** A span in the one or two units that matter. */
export function spanText(seconds: number): string {
  if (seconds < 60) return `${ONE.format(seconds)} s`;
  const whole = Math.floor(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1_440)} d ${Math.floor((minutes % 1_440) / 60)} h`;
}
