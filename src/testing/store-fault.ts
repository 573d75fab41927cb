/** A fault says how a statement of an in-memory store fails. */
export interface StoreFault {
  /** SQLSTATE or socket error code; null for an error without one */
  readonly code: string | null;
  /** the statement commits, only its answer is lost; @default false */
  readonly takesEffect?: boolean;
  /** how many statements fail, @default until {@link InMemoryScoreStore.heal} */
  readonly times?: number;
}

/** Runs now, tells later: the value, or the error again. */
export function attempt<T>(effect: () => T): () => T {
  try {
    const value = effect();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** An error as the database's driver throws it. @param code see {@link StoreFault} */
export function databaseError(code: string | null): Error {
  const error = new Error(`The in-memory store was told to fail${code === null ? '' : ` with ${code}`}`);
  return code === null ? error : Object.assign(error, { code });
}
