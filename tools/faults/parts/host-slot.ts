import { type HostPlace, HostProcess, type HostSettings } from './host-process.js';
import { Screen } from './screen.js';

/** A place for one host: the process in it comes and goes, its client and its log stay. */
export class HostSlot {
  readonly screen: Screen;
  private current: HostProcess | null = null;

  constructor(
    readonly name: string,
    private readonly place: HostPlace,
    private readonly settings: HostSettings,
    readonly logFile: string,
  ) {
    this.screen = new Screen(name, `ws://127.0.0.1:${place.port}/ws`);
  }

  /** as in NODE_APP_INSTANCE */
  get instance(): number {
    return this.place.instance;
  }

  get host(): HostProcess {
    if (!this.current) throw new Error(`${this.name} was never started`);
    return this.current;
  }

  get isUp(): boolean {
    return this.current !== null && !this.current.exited;
  }

  /** A new process in place of the one that ended, or is about to. */
  async start(): Promise<HostProcess> {
    const host = HostProcess.launch(this.name, this.place, this.settings, this.logFile);
    this.current = host;
    await host.ready();
    return host;
  }

  /** Ends whatever is there, at once. */
  async stop(): Promise<void> {
    this.screen.close();
    await this.current?.killNow();
  }
}
