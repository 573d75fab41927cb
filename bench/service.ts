/** A broker or database server of a run. */
export interface Service {
  readonly url: string;
  /** what it is, for the report */
  readonly kind: string;
  /** ends it, when it was started here */
  stop(): Promise<void>;
}
