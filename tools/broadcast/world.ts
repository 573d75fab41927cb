import { join } from 'node:path';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import { packageRoot } from '../../examples/host/package-root.js';
import { eventually } from '../../test/support/eventually.js';
import { SeededRandom } from '../../test/support/seeded-random.js';
import { type Broker, brokerKind, startBroker } from '../faults/parts/broker.js';
import type { Cleanup } from '../faults/parts/cleanup.js';
import { ChangeLoad } from './load/change-load.js';
import type { BroadcastRunOptions } from './options.js';
import { BroadcastDatabase } from './parts/broadcast-database.js';
import { CommitWatch } from './parts/commit-watch.js';
import { CrewProcess } from './parts/crew-process.js';
import { RedisServer, redisVersion } from './parts/redis-server.js';
import { Seat, type SeatPlan } from './parts/seat.js';

const MATCHES = 60;
const COMPETITIONS = 6;
const MOST_PER_SECOND = 500;
const HOLDER_TIMEOUT_MS = 20_000;
const SERVED_TIMEOUT_MS = 40_000;

const SEATS: readonly SeatPlan[] = [
  { name: 'host 0', instance: 0, isGateway: false },
  { name: 'host 1', instance: 1, isGateway: false },
  { name: 'gateway', instance: 2, isGateway: true },
];

/** Of 200 clients; the others in proportion. */
const SHARES = { silent: 0.15, package: 0.3 };

/** Everything that one run needs: a database, a broker, a Redis, three hosts between proxies, and the clients. */
export class World {
  private constructor(
    readonly database: BroadcastDatabase,
    readonly broker: Broker,
    readonly redis: RedisServer | null,
    readonly seats: readonly Seat[],
    readonly crew: CrewProcess,
    readonly watch: CommitWatch,
    readonly load: ChangeLoad,
    readonly random: SeededRandom,
  ) {}

  static async build({ seed, clients }: BroadcastRunOptions, logDirectory: string, cleanup: Cleanup): Promise<World> {
    const random = new SeededRandom(seed);
    const database = await BroadcastDatabase.create();
    cleanup.add(() => database.drop());
    const competitions = competitionsOf(seed);
    await database.insert(competitions);
    const broker = await startBroker(brokerKind(), 'for-the-window', join(logDirectory, 'broker.log'));
    cleanup.add(() => broker.stop());
    const redis = redisVersion() === null ? null : await RedisServer.start();
    cleanup.add(() => redis?.kill());
    const seats: Seat[] = [];
    for (const plan of SEATS) {
      const logFile = join(logDirectory, `${plan.name.replace(' ', '-')}.log`);
      const around = { databaseUrl: database.url, mqttUrl: broker.url, redisPort: redis?.port ?? null, logFile };
      const seat = await Seat.prepare(plan, around);
      cleanup.add(() => seat.stop());
      seats.push(seat);
    }
    const watch = new CommitWatch(database);
    cleanup.add(() => watch.end());
    const matchIds = [...competitions.keys()];
    const load = await ChangeLoad.connect(broker.url, PROVIDER_TOPIC, watch, matchIds, random, MOST_PER_SECOND);
    cleanup.add(() => load.close());
    const silent = Math.round(clients * SHARES.silent);
    const packaged = Math.round(clients * SHARES.package);
    const settings = {
      seed,
      size: { silent, package: packaged, 'protocol-2': clients - silent - packaged },
      competitions: Object.fromEntries(competitions),
      schemas: join(packageRoot(), 'docs', 'protocol'),
      databaseUrl: database.url,
    };
    const crew = await CrewProcess.start(settings, join(logDirectory, 'clients.log'));
    cleanup.add(() => crew.kill());
    return new World(database, broker, redis, seats, crew, watch, load, random);
  }

  get addresses(): readonly string[] {
    return this.seats.map(({ address }) => address);
  }

  get gateway(): Seat {
    return this.seats.find(({ plan }) => plan.isGateway) as Seat;
  }

  /** Starts every host, waits until one takes the feed, and lets the clients in. */
  async start(): Promise<void> {
    await Promise.all(this.seats.map((seat) => seat.start()));
    await this.holder();
    await this.crew.go(this.addresses);
    const rows = await this.database.rows();
    const { missing, behind } = await this.crew.reach({ rows, how: 'exactly', timeoutMs: SERVED_TIMEOUT_MS });
    if (missing > 0) throw new Error(`${missing} clients are not served at the start: ${behind.join('; ')}`);
  }

  /** The host that takes the feed now. */
  holder(): Promise<Seat> {
    return eventually(
      async () => {
        const holder = await this.database.holder();
        return this.seats.find(({ plan, isUp }) => isUp && holder?.endsWith(`:${plan.instance}`)) as Seat;
      },
      { what: 'a host to take the feed', timeoutMs: HOLDER_TIMEOUT_MS },
    );
  }

  /** The host that would take the feed next. */
  async standby(): Promise<Seat> {
    const holder = await this.holder();
    return this.seats.find((seat) => seat !== holder && !seat.plan.isGateway) as Seat;
  }
}

function competitionsOf(seed: number): ReadonlyMap<string, string> {
  return new Map(Array.from({ length: MATCHES }, (_, n) => [`b${seed}m${n}`, `cup${n % COMPETITIONS}`]));
}
