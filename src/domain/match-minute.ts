import { MatchStatus } from './match-status.js';

const NO_MINUTE = '—';

/** What clients show beside the score. Never empty; texts of a status win over the minute. */
export function minuteText(status: MatchStatus, minute: number | null): string {
  switch (status) {
    case MatchStatus.NotStarted:
      return NO_MINUTE;
    case MatchStatus.HalfTime:
      return 'HT';
    case MatchStatus.Shootout:
      return 'PEN';
    case MatchStatus.Ended:
      return 'FT';
    case MatchStatus.Delayed:
      return 'DELAY';
    case MatchStatus.Interrupted:
      return 'INT';
    case MatchStatus.Cancelled:
      return 'CAN';
    default:
      return minute === null ? NO_MINUTE : runningText(status, minute);
  }
}

function runningText(status: MatchStatus, minute: number): string {
  if (status === MatchStatus.FirstHalf && minute > 45) return `45+${minute - 45}'`;
  if (status === MatchStatus.SecondHalf && minute > 90) return `90+${minute - 90}'`;
  if (status === MatchStatus.ExtraTime && minute > 105) return `105+${minute - 105}'`;
  if (status === MatchStatus.ExtraTime && minute <= 90) return `ET ${minute}'`;
  return `${minute}'`;
}
