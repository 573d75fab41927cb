/** Whether scores reach the database. Port and injection token in one. */
export abstract class WriterHealth {
  /** False from the first failed statement to the next one that succeeds. */
  abstract readonly healthy: boolean;
}
