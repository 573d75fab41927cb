/** From and until, seconds since the first message. */
export interface Span {
  readonly fromS: number;
  readonly untilS: number;
}

/** What happens when, and what is compared with what. */
export interface Phases {
  /** the end of the load */
  readonly endS: number;
  /** the database is away: a tenth of the time, in the middle */
  readonly outage: Span;
  /** shortly before the outage */
  readonly before: Span;
  /** shortly before the end of the load */
  readonly after: Span;
}

const OUTAGE = 0.1;
const WINDOW = 0.05;
/** from the end of either window: time for the collections that are asked for, which the window must not see */
export const COLLECTING_S = 3;

/** @param warmUpS load before the minutes that count */
export function phasesOf(minutes: number, warmUpS: number): Phases {
  const lengthS = minutes * 60;
  const at = (part: number) => warmUpS + lengthS * part;
  const outage = { fromS: at(0.5 - OUTAGE / 2), untilS: at(0.5 + OUTAGE / 2) };
  const windowBefore = (untilS: number) => ({ fromS: untilS - lengthS * WINDOW, untilS });
  return {
    endS: at(1),
    outage,
    before: windowBefore(outage.fromS - COLLECTING_S),
    after: windowBefore(at(1) - COLLECTING_S),
  };
}

export function isWithin(atS: number, { fromS, untilS }: Span): boolean {
  return atS >= fromS && atS < untilS;
}
