/** What a host may set of the match side. Injection token in one; the options of the module make it. */
export class MatchSyncSettings {
  /** operators' offset from UTC, hours, may have a fraction */
  readonly operatorsOffsetHours: number = 3;
  /** how many days before and after today the full diary run reads */
  readonly diaryDays: number = 1;
  /** how often everything live is asked for, seconds, a divisor of 60 */
  readonly liveEveryS: number = 5;
}
