const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
/** The provider's diary has the days of UTC+8. */
const PROVIDER_OFFSET_HOURS = 8;

/** Some of the operators' days, one after the other. */
export interface DaySpan {
  /** first second, unix seconds */
  readonly fromS: number;
  /** first second after it, unix seconds */
  readonly toS: number;
  /** the provider's dates that touch it, `YYYYMMDD`, in order */
  readonly dates: readonly string[];
}

/**
 * The operators' day that has this second, and days around it.
 * @param offsetHours operators' offset from UTC, may have a fraction
 * @param before days before that day
 * @param after days after it
 */
export function operatorsDays(nowS: number, offsetHours: number, before = 0, after = 0): DaySpan {
  const offsetS = Math.round(offsetHours * HOUR_S);
  const today = Math.floor((nowS + offsetS) / DAY_S);
  const fromS = (today - before) * DAY_S - offsetS;
  const toS = (today + after + 1) * DAY_S - offsetS;
  return { fromS, toS, dates: providerDates(fromS, toS) };
}

/** Does a match with this scheduled start belong to the days? */
export function isInSpan({ fromS, toS }: DaySpan, matchTimeS: number): boolean {
  return fromS <= matchTimeS && matchTimeS < toS;
}

function providerDates(fromS: number, toS: number): readonly string[] {
  const dayOf = (atS: number): number => Math.floor((atS + PROVIDER_OFFSET_HOURS * HOUR_S) / DAY_S);
  const first = dayOf(fromS);
  const last = dayOf(toS - 1);
  return Array.from({ length: last - first + 1 }, (_, n) => dateOf(first + n));
}

function dateOf(day: number): string {
  return new Date(day * DAY_S * 1000).toISOString().slice(0, 10).replaceAll('-', '');
}
