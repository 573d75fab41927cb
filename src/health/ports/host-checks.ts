/** What came of one of the host's own checks. */
export type CheckState = 'up' | 'degraded' | 'down';

/**
 * Checks of the host's own that `GET /ready` runs beside the package's: a host that is not ready for a reason of its own is not
 * ready. Port and injection token in one; absent where the host has none.
 */
export abstract class HostChecks {
  /** Never rejects, and takes a bounded time. @returns the state of each check by its name, and nothing of what it said */
  abstract run(): Promise<Readonly<Record<string, CheckState>>>;
}
