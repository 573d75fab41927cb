import { randomUUID } from 'node:crypto';
import { Global, type INestApplication, type LoggerService, Module, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { type Receipt, UpdateSink } from '../../src/contracts/update-sink.js';
import type { MatchUpdate } from '../../src/domain/match-update.js';
import { APPLIED } from '../../src/domain/outcomes.js';
import { MqttFeedStatus } from '../../src/mqtt-ingest/mqtt-feed-status.service.js';
import { MqttIngestModule } from '../../src/mqtt-ingest/mqtt-ingest.module.js';
import type { MqttIngestOptions } from '../../src/mqtt-ingest/mqtt-ingest.options.js';
import { startBroker } from '../support/broker.js';
import { eventually } from '../support/eventually.js';

export interface LogLine {
  readonly level: string;
  /** constant text, or the object of a structured event */
  readonly message: unknown;
  readonly data: unknown;
}

class LogCapture implements LoggerService {
  readonly lines: LogLine[] = [];
  log = this.keep('log');
  warn = this.keep('warn');
  error = this.keep('error');
  debug = this.keep('debug');

  private keep(level: string): (message: unknown, ...data: unknown[]) => void {
    return (message, data) => void this.lines.push({ level, message, data });
  }
}

/** Commits at once, unless it is told to hold. */
export class RecordingSink extends UpdateSink {
  readonly submitted: MatchUpdate[][] = [];
  holding = false;
  private readonly held: { readonly update: MatchUpdate; readonly receipt: Receipt | undefined }[] = [];

  override submit(updates: readonly MatchUpdate[], receipt?: Receipt): void {
    this.submitted.push([...updates]);
    for (const update of updates) {
      if (this.holding) this.held.push({ update, receipt });
      else receipt?.concluded(update, APPLIED);
    }
  }

  /** Commits what is held of these matches, or all of it. */
  commit(...matchIds: string[]): void {
    const chosen = this.held.filter(({ update }) => matchIds.length === 0 || matchIds.includes(update.matchId));
    for (const entry of chosen) {
      this.held.splice(this.held.indexOf(entry), 1);
      entry.receipt?.concluded(entry.update, APPLIED);
    }
  }

  get matchIds(): string[] {
    return this.submitted.flat().map(({ matchId }) => matchId);
  }
}

@Global()
@Module({ providers: [{ provide: UpdateSink, useClass: RecordingSink }], exports: [UpdateSink] })
class SinkModule {}

export interface IngestApp {
  readonly app: INestApplication;
  readonly sink: RecordingSink;
  readonly status: MqttFeedStatus;
  readonly lines: LogLine[];
  /** structured events of this name, oldest first */
  events(name: string): Record<string, unknown>[];
  subscribed(): Promise<void>;
}

/** A host with the ingest, a sink that records, and these controllers; not yet initialised. */
export async function createIngestApp(
  options: MqttIngestOptions,
  controllers: Type[] = [],
  imports = [MqttIngestModule.forRoot({ reconnectMs: 50, ...options })],
): Promise<IngestApp> {
  const capture = new LogCapture();
  const builder = Test.createTestingModule({ imports: [SinkModule, ...imports], controllers });
  const app = (await builder.setLogger(capture).compile()).createNestApplication();
  const status = app.get(MqttFeedStatus);
  return {
    app,
    status,
    sink: app.get(UpdateSink) as RecordingSink,
    lines: capture.lines,
    events: (name) => capture.lines.map(({ message }) => message as Record<string, unknown>).filter(isEvent(name)),
    subscribed: async () => {
      await eventually(() => status.connected && status.topics.every((topic) => topic in status.grantedQos), {
        what: 'the subscription',
      });
    },
  };
}

function isEvent(name: string): (message: unknown) => boolean {
  return (message) => typeof message === 'object' && message !== null && 'event' in message && message.event === name;
}

/** The broker that `MQTT_URL` names, otherwise one in this process. */
export async function brokerForSpec(): Promise<{ url: string; stop(): Promise<void> }> {
  const url = process.env.MQTT_URL;
  return url ? { url, stop: async () => undefined } : startBroker();
}

export function uniqueTopic(): string {
  return `livescore-spec/${randomUUID()}`;
}

export async function publisher(url: string, options: IClientOptions = {}): Promise<MqttClient> {
  return connectAsync(url, { reconnectPeriod: 0, ...options });
}

/** A bare score tuple: first half, `home` goals to nil. */
export function frame(matchId: string, home = 1): string {
  return JSON.stringify([matchId, 2, [home, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], 1_768_662_000]);
}
