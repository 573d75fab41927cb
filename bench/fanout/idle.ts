import { setTimeout as pause } from 'node:timers/promises';
import type { FanoutOptions } from './options.js';
import { Pair, SUBJECTS, type SubjectName } from './subjects.js';

/** Connects and leaves before anything is counted: what the first clients cost is code. */
const WARM_CLIENTS = 50;
const SETTLE_MS = 1_500;

export interface Idle {
  /** resident memory of the server for each client, KB, after a collection */
  readonly rssPerIdleClientKB: Readonly<Record<string, number>>;
  /** the same without one */
  readonly rssUncollectedKB: Readonly<Record<string, number>>;
  /** CPU of the server, percent of a core */
  readonly idleCpuPercent: Readonly<Record<string, number>>;
  readonly invalid: readonly string[];
}

/** Clients that only answer pings: what they weigh, and what they cost. All servers at the same time. */
export async function measureIdle(
  clients: number,
  { idleMs, idleAfterMs }: Pick<FanoutOptions, 'idleMs' | 'idleAfterMs'>,
  add: (pair: Pair) => void,
): Promise<Idle> {
  const [collected, uncollected, cpu]: [Named, Named, Named] = [{}, {}, {}];
  const pairs: Pair[] = [];
  for (const name of SUBJECTS) {
    const pair = await Pair.start(name);
    add(pair);
    pairs.push(pair);
    await pair.grow(WARM_CLIENTS);
    const before = await pair.server.call('rssKB', { collect: true });
    await pair.grow(WARM_CLIENTS + clients);
    await pause(SETTLE_MS);
    const perClient = async (collect: boolean) =>
      Number((((await pair.server.call('rssKB', { collect })) - before) / clients).toFixed(1));
    uncollected[name] = await perClient(false);
    collected[name] = await perClient(true);
  }
  await pause(idleAfterMs);
  const cpuOf = () => Promise.all(pairs.map(({ server }) => server.call('cpuMs', {})));
  const [before, startedAt] = [await cpuOf(), performance.now()];
  await pause(idleMs);
  const [after, tookMs] = [await cpuOf(), performance.now() - startedAt];
  pairs.forEach(({ name }, n) => {
    cpu[name] = Number((((after[n]! - before[n]!) / tookMs) * 100).toFixed(2));
  });
  const invalid: string[] = [];
  for (const pair of pairs) {
    for (const reason of await pair.lost()) invalid.push(`${pair.name}: an idle client was lost: ${reason}`);
  }
  await Promise.all(pairs.map((pair) => pair.end()));
  return { rssPerIdleClientKB: collected, rssUncollectedKB: uncollected, idleCpuPercent: cpu, invalid };
}

type Named = Partial<Record<SubjectName, number>> & Record<string, number>;
