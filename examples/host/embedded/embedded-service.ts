/** A service the example runs itself because the environment names none. */
export interface EmbeddedService {
  /** address for clients on this machine, without secrets */
  readonly url: string;
  /** Ends it and removes its data; a second call waits for the first. */
  stop(): Promise<void>;
}
