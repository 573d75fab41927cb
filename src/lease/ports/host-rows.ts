import type { HealthFacts } from '../../contracts/health-facts.js';

/** What a host tells of itself to whoever can read the database. */
export type HostFacts = Pick<HealthFacts, 'rollout' | 'lease'>;

/** A host as its row shows it. */
export interface KnownHost {
  readonly host: string;
  readonly key: string;
  readonly facts: HostFacts;
  /** ms since its last sign of life, by the database's clock */
  readonly ageMs: number;
}

/** The rows of the hosts that run. Port and injection token in one. */
export abstract class HostRows {
  /** Writes the row of a host, and deletes those that nobody has written for a day. @throws the driver's error */
  abstract write(host: string, key: string, facts: HostFacts): Promise<void>;

  /** A host that ends is no longer there. @throws the driver's error */
  abstract remove(host: string, key: string): Promise<void>;

  /** Those that gave a sign of life within a minute, newest first, 100 at most. @throws the driver's error */
  abstract list(): Promise<readonly KnownHost[]>;
}
