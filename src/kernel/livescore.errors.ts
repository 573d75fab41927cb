/** Base of every error this package throws. Branch on `code` or class, never on the text. */
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

/** A module option with a value it cannot have: thrown at boot. */
export class InvalidOptionError extends LiveScoreError {
  constructor(module: string, option: string, expected: string, received: unknown) {
    super(
      'LIVESCORE_INVALID_OPTION',
      `${module}: option "${option}" must be ${expected}, received ${describe(received)}`,
      { module, option, expected },
    );
  }
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string'
    ? `"${value.slice(0, 40)}"`
    : `${JSON.stringify(value)?.slice(0, 40)} (${typeof value})`;
}
