import { get } from 'node:http';
import { connectAsync, type MqttClient } from 'mqtt';
import { percentile } from '../../src/kernel/percentile.js';
import { goalOf, Screen } from './screen.js';
import { WATCHED, watchedId } from './watched-matches.js';

const GOALS_PER_SECOND = 50;
const MOST_GOALS = 90;
const HEALTH_EVERY_MS = 25;
/** Each asks every two seconds: two messages of the four that it may send. */
const ASKERS = 8;
const ASK_EVERY_MS = 250;

/** Milliseconds, as they were felt. */
export interface Felt {
  /** by a client of the first protocol, and by one of protocol 2 */
  readonly goalP99: number;
  readonly changeP99: number;
  /** of a SUBSCRIBE that the database is needed for */
  readonly answerP99: number;
  readonly healthP99: number;
  readonly goals: number;
}

/**
 * Somebody who watches matches, with a client of each protocol, asks for others, and for health, while others attack: a goal
 * published to its frame, a message or request to its answer.
 */
export class GoodClient {
  private readonly goals: number[] = [];
  private healthLatencies: number[] = [];
  private next = 0;
  private asked = 0;
  private readonly timers: NodeJS.Timeout[];

  private constructor(
    private readonly address: string,
    private readonly topic: string,
    private readonly publisher: MqttClient,
    private readonly first: Screen,
    /** null: the host does not speak protocol 2 */
    private readonly second: Screen | null,
    private readonly askers: readonly Screen[],
  ) {
    second?.send({ type: 'SUBSCRIBE', all: true });
    this.timers = [
      setInterval(() => this.score(), 1_000 / GOALS_PER_SECOND),
      setInterval(() => this.askHealth(), HEALTH_EVERY_MS),
      setInterval(() => this.ask(), ASK_EVERY_MS),
    ];
  }

  /** @param protocols of the host: 1, or both */
  static async start(address: string, mqttUrl: string, topic: string, protocols: 1 | 2): Promise<GoodClient> {
    const first = await Screen.open(`ws://${address}/ws`, goalOf('SCORE_CHANGE'));
    const url = `ws://${address}/ws?protocol=2`;
    const second = protocols === 2 ? await Screen.open(url, goalOf('CHANGE')) : null;
    const ofAnswer = ({ type, id }: Readonly<Record<string, unknown>>) => (type === 'SNAPSHOT' ? String(id) : null);
    const opening = Array.from({ length: second ? ASKERS : 0 }, () => Screen.open(url, ofAnswer));
    return new GoodClient(address, topic, await connectAsync(mqttUrl), first, second, await Promise.all(opening));
  }

  get wasClosed(): boolean {
    return [this.first, ...(this.second ? [this.second] : []), ...this.askers].some(({ wasClosed }) => wasClosed);
  }

  /** What was felt since the last time. */
  felt(): Felt {
    const goals = this.first.waited();
    const changes = this.second?.waited();
    const answers = this.askers.flatMap((asker) => asker.waited());
    const health = this.healthLatencies.splice(0);
    return {
      goalP99: p99(goals),
      changeP99: changes ? p99(changes) : 0,
      answerP99: this.second ? p99(answers) : 0,
      healthP99: p99(health),
      goals: goals.length,
    };
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    for (const screen of [this.first, this.second, ...this.askers]) screen?.close();
    await this.publisher.endAsync();
  }

  private score(): void {
    const n = this.next++ % WATCHED;
    const id = watchedId(n);
    const goals = (this.goals[n] ?? 0) + 1;
    if (goals > MOST_GOALS) return;
    this.goals[n] = goals;
    for (const screen of [this.first, this.second]) screen?.expect(`${id}:${goals}`);
    const kickoffS = Math.floor(Date.now() / 1_000) - 600;
    this.publisher.publish(
      this.topic,
      JSON.stringify([id, 2, [goals, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], kickoffS]),
    );
  }

  /** For a match that is known, and one that nobody has asked for. */
  private ask(): void {
    const n = this.asked++;
    const asker = this.askers[n % Math.max(1, this.askers.length)];
    const id = `a${n}`;
    asker?.expect(id);
    asker?.send({ type: 'UNSUBSCRIBE' });
    asker?.send({ type: 'SUBSCRIBE', id, matches: [watchedId(n % WATCHED), `doors-asked-${n}`] });
  }

  private askHealth(): void {
    const startMs = performance.now();
    const note = () => this.healthLatencies.push(performance.now() - startMs);
    get(`http://${this.address}/health`, { agent: false }, (answer) => answer.resume().once('end', note)).on(
      'error',
      note,
    );
  }
}

function p99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return percentile(sorted, 0.99) ?? Number.POSITIVE_INFINITY;
}
