/** Who listens to this process. Port and injection token in one. */
export abstract class LiveListeners {
  /** bytes that the client with the most has not read yet */
  abstract readonly mostUnreadBytes: number;
}
