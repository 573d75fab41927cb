import { isMatchStatus, type MatchStatus } from './match-status.js';

const WORDS: Readonly<Record<MatchStatus, string>> = {
  0: 'abnormal',
  1: 'not started',
  2: 'first half',
  3: 'half-time',
  4: 'second half',
  5: 'extra time',
  6: 'extra time (old code)',
  7: 'shoot-out',
  8: 'ended',
  9: 'delayed',
  10: 'interrupted',
  11: 'abandoned',
  12: 'cancelled',
  13: 'to be determined',
};

/** A status in words for people; one that is none as its number. */
export function statusWords(status: number | null): string {
  if (status === null) return 'no row';
  return isMatchStatus(status) ? WORDS[status] : `status ${status}`;
}
