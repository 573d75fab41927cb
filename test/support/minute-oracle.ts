// The minute and its text as the tables of the platform's reference say them, written without a look at the package.

export interface OracleRow {
  readonly status: number;
  readonly fh: number | null;
  readonly sh: number | null;
  readonly ot: number | null;
  readonly fallback: number | null;
}

/** Whole minutes that have passed, counted one by one; -1 before the start. */
function wholeMinutes(from: number, now: number): number {
  if (now < from) return -1;
  let passed = 0;
  while (from + (passed + 1) * 60 <= now) passed += 1;
  return passed;
}

/** The table of the reference, row by row; null: no value. */
export function minuteOracle({ status, fh, sh, ot, fallback }: OracleRow, now: number): number | null {
  const first = fh ?? fallback;
  if (status === 2) {
    if (first === null || now < first) return null;
    const passed = wholeMinutes(first, now);
    if (passed > 120) return null;
    return passed + 1 > 45 ? 45 : passed + 1;
  }
  if (status === 3) return 45;
  if (status === 4 && sh !== null) {
    if (now < sh) return null;
    const passed = wholeMinutes(sh, now);
    if (passed > 120) return null;
    return 45 + passed + 1 > 105 ? 105 : 45 + passed + 1;
  }
  if (status === 4) {
    if (first === null) return null;
    if (now < first + 3600) return 46;
    const minute = 45 + wholeMinutes(first + 3600, now) + 1;
    return minute > 105 ? 105 : minute;
  }
  if (status === 5) {
    if (ot === null) return null;
    if (now < ot) return 91;
    const minute = 90 + wholeMinutes(ot, now) + 1;
    return minute > 130 ? 130 : minute;
  }
  return null;
}

const STATUS_TEXTS: Readonly<Record<number, string>> = {
  1: '—',
  3: 'HT',
  7: 'PEN',
  8: 'FT',
  9: 'DELAY',
  10: 'INT',
  12: 'CAN',
};

export function minuteTextOracle(status: number, minute: number | null): string {
  const own = STATUS_TEXTS[status];
  if (own) return own;
  if (minute === null) return '—';
  if (status === 2 && minute > 45) return `45+${minute - 45}'`;
  if (status === 4 && minute > 90) return `90+${minute - 90}'`;
  if (status === 5 && minute > 105) return `105+${minute - 105}'`;
  if (status === 5 && minute <= 90) return `ET ${minute}'`;
  return `${minute}'`;
}
