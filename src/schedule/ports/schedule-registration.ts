/** Shows what runs on schedule among the timers of the host. Port and injection token in one; optional. */
export abstract class ScheduleRegistration {
  /** Never rejects: a host without a registry is told once what to import. */
  abstract register(name: string): Promise<void>;
  abstract remove(name: string): void;
  /** It was registered, and the host took it away. */
  abstract isRemoved(name: string): boolean;
}
