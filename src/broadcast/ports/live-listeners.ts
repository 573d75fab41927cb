/** Who listens to this process. Port and injection token in one. */
export abstract class LiveListeners {
  /** clients that are connected now */
  abstract readonly connected: number;
  /** bytes that the client with the most has not read yet */
  abstract readonly mostUnreadBytes: number;
}
