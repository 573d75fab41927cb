import { get } from 'node:http';
import { connectAsync, type MqttClient } from 'mqtt';
import { WebSocket } from 'ws';
import { seedMatch } from '../../test/support/example-host.js';

const MATCHES = 200;
const GOALS_PER_SECOND = 50;
const HEALTH_EVERY_MS = 25;
const FAR_TOO_LATE_MS = 10_000;

/** Milliseconds, as they were felt. */
export interface Felt {
  readonly goalP99: number;
  readonly healthP99: number;
  readonly goals: number;
}

/** Somebody who watches matches and asks for health while others attack: a goal published to its frame, a request to its answer. */
export class GoodClient {
  private readonly publishedAtMs = new Map<string, number>();
  private readonly goals: number[] = [];
  private goalLatencies: number[] = [];
  private healthLatencies: number[] = [];
  private next = 0;
  private timers: NodeJS.Timeout[] = [];
  wasClosed = false;

  private constructor(
    private readonly address: string,
    private readonly topic: string,
    private readonly ids: readonly string[],
    private readonly publisher: MqttClient,
    private readonly screen: WebSocket,
  ) {
    screen.on('message', (data) => this.heard(String(data)));
    screen.on('close', () => {
      this.wasClosed = true;
    });
    this.timers = [
      setInterval(() => this.score(), 1_000 / GOALS_PER_SECOND),
      setInterval(() => this.askHealth(), HEALTH_EVERY_MS),
    ];
  }

  static async start(address: string, databaseUrl: string, mqttUrl: string, topic: string): Promise<GoodClient> {
    const ids = Array.from({ length: MATCHES }, (_, n) => `doors-${n}`);
    for (const id of ids) await seedMatch(databaseUrl, id);
    const screen = new WebSocket(`ws://${address}/ws`);
    await new Promise((resolve, reject) => screen.once('open', resolve).once('error', reject));
    return new GoodClient(address, topic, ids, await connectAsync(mqttUrl), screen);
  }

  /** What was felt since the last time. A goal without a frame counts as far too late. */
  felt(): Felt {
    const nowMs = performance.now();
    for (const [key, sinceMs] of this.publishedAtMs) {
      if (nowMs - sinceMs < FAR_TOO_LATE_MS) continue;
      this.publishedAtMs.delete(key);
      this.goalLatencies.push(nowMs - sinceMs);
    }
    const felt = {
      goalP99: p99(this.goalLatencies),
      healthP99: p99(this.healthLatencies),
      goals: this.goalLatencies.length,
    };
    this.goalLatencies = [];
    this.healthLatencies = [];
    return felt;
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.screen.terminate();
    await this.publisher.endAsync();
  }

  private score(): void {
    const n = this.next++ % this.ids.length;
    const id = this.ids[n]!;
    const goals = (this.goals[n] ?? 0) + 1;
    if (goals > 90) return;
    this.goals[n] = goals;
    this.publishedAtMs.set(`${id}:${goals}`, performance.now());
    const kickoffS = Math.floor(Date.now() / 1_000) - 600;
    this.publisher.publish(
      this.topic,
      JSON.stringify([id, 2, [goals, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], kickoffS]),
    );
  }

  private heard(text: string): void {
    const { type, matchId, homeScore } = JSON.parse(text) as Record<string, unknown>;
    if (type !== 'SCORE_CHANGE') return;
    const key = `${matchId}:${homeScore}`;
    const sinceMs = this.publishedAtMs.get(key);
    if (sinceMs === undefined) return;
    this.publishedAtMs.delete(key);
    this.goalLatencies.push(performance.now() - sinceMs);
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
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? Number.POSITIVE_INFINITY;
}
