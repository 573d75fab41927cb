/** This class is the base of every error this package throws. Branch on `code` or class, never on the text. */
export class LiveScoreError extends Error {
  constructor(
    /** stable, `LIVESCORE_…` */
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Why an option of a module cannot be used. */
export interface OptionFault {
  readonly module: string;
  /** its name; dots lead into nested objects */
  readonly option: string;
  readonly expected: string;
  /** what was there instead, without secrets */
  readonly received: string;
}

/** Module options with values they cannot have: thrown at boot, with all of them, one a line. */
export class InvalidOptionError extends LiveScoreError {
  constructor(readonly faults: readonly OptionFault[]) {
    super('LIVESCORE_INVALID_OPTION', faults.map(lineOf).join('\n'), { ...faults[0], faults });
  }
}

function lineOf({ module, option, expected, received }: OptionFault): string {
  return `${module}: option "${option}" must be ${expected}, received ${received}`;
}
