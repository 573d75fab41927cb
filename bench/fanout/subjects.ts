import type { Latencies } from './arrivals.js';
import { Child } from './child.js';
import type { Connected, CrowdCalls } from './crowd.js';
import type { Door } from './crowd-client.js';
import type { Broadcasts, ServerCalls } from './servers/run-server.js';

export const SUBJECTS = ['loop', 'socketio', 'legacy', 'v2'] as const;
export type SubjectName = (typeof SUBJECTS)[number];

interface Subject {
  readonly program: string;
  readonly door: Omit<Door, 'port'>;
}

const SUBSCRIBE_ALL = JSON.stringify({ type: 'SUBSCRIBE', all: true });
const KINDS: Readonly<Record<SubjectName, Subject>> = {
  loop: { program: 'servers/plain-loop', door: { path: '/', hello: [], greetings: 0 } },
  socketio: {
    program: 'servers/socket-io',
    door: { path: '/socket.io/?EIO=4&transport=websocket', hello: ['40'], greetings: 2 },
  },
  legacy: { program: 'servers/ours', door: { path: '/ws', hello: [], greetings: 1 } },
  v2: { program: 'servers/ours', door: { path: '/ws?protocol=2', hello: [SUBSCRIBE_ALL], greetings: 2 } },
};

const LATE_MS = 20_000;

/** What one turn of a server cost, and how long its frames took. */
export interface Measured extends Latencies {
  readonly deliveries: number;
  readonly cpuUsPerDelivery: number;
  readonly missing: number;
}

/** A server and its clients, each in a process of its own. */
export class Pair {
  private count = 0;

  private constructor(
    readonly name: SubjectName,
    readonly server: Child<ServerCalls>,
    readonly crowd: Child<CrowdCalls>,
    private readonly port: number,
  ) {}

  /** @param profiles where the CPU profile of the server goes; null for none */
  static async start(name: SubjectName, profiles: string | null = null): Promise<Pair> {
    const server = Child.start<ServerCalls>(KINDS[name].program, {}, profiles);
    const crowd = Child.start<CrowdCalls>('crowd');
    return new Pair(name, server, crowd, await server.call('port', {}));
  }

  get clients(): number {
    return this.count;
  }

  /** Adds clients until there are so many. */
  async grow(clients: number, witnesses = 0): Promise<Connected> {
    const count = clients - this.count;
    this.count = clients;
    return this.crowd.call('connect', { ...KINDS[this.name].door, port: this.port, count, witnesses });
  }

  /** One frame, as a client gets it. */
  async sample(): Promise<string> {
    await this.measure({ turns: 1, framesPerTurn: 1, everyMs: 1 });
    const [text] = await this.crowd.call('kept', {});
    if (!text) throw new Error(`${this.name}: no frame came`);
    return text;
  }

  /** Sends frames to all clients, and waits until the last one has them. */
  async measure(plan: Broadcasts): Promise<Measured> {
    const frames = plan.turns * plan.framesPerTurn;
    await this.crowd.call('expect', { frames });
    const sentAtMs = await this.server.call('broadcast', plan);
    const missing = await this.crowd.call('allArrived', { timeoutMs: LATE_MS });
    const costMs = await this.server.call('costMs', {});
    const deliveries = frames * this.count - missing;
    const latencies = await this.crowd.call('latencies', { sentAtMs });
    return { ...latencies, deliveries, missing, cpuUsPerDelivery: (costMs * 1_000) / deliveries };
  }

  /** Why clients were lost. */
  lost(): Promise<readonly string[]> {
    return this.crowd.call('lost', {});
  }

  async end(): Promise<void> {
    await Promise.all([this.server.end(), this.crowd.end()]);
  }
}
