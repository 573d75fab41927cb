import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type {
  Command,
  PhaseCost,
  ProfileKind,
  Report,
  RunningSubject,
  SubjectCounts,
  SubjectSettings,
} from './subject-messages.js';
import { TURN_FEED, TurnFeed } from './turn-feed.js';

export type { RunningSubject, SubjectCounts, SubjectSettings } from './subject-messages.js';

const REPORT_EVERY_MS = 2;
const LOOP_RESOLUTION_MS = 5;
const PROFILE_INTERVAL_US = 200;
const ALLOCATION_INTERVAL_BYTES = 16 * 1024;

export function subjectSettings(): SubjectSettings {
  const { BENCH_MQTT_URL: mqttUrl, BENCH_TOPIC: topic, BENCH_DATABASE_URL: databaseUrl } = process.env;
  if (!mqttUrl || !topic || !databaseUrl) throw new Error('a bench subject is started by the bench, not by hand');
  const kickoffS = Number(process.env.BENCH_KICKOFF_S);
  return { mqttUrl, topic, databaseUrl, qos: process.env.BENCH_QOS === '1' ? 1 : 0, kickoffS };
}

/** The side of the harness inside a subject's process: measures its cost and reports its progress. */
export async function runSubject(start: (settings: SubjectSettings) => Promise<RunningSubject>): Promise<void> {
  process.once('disconnect', () => process.exit(1));
  const settings = subjectSettings();
  const feed = settings.mqttUrl === TURN_FEED ? await TurnFeed.start(settings) : null;
  const subject = await start(feed ? { ...settings, mqttUrl: feed.url } : settings);
  feed?.follow(subject);
  const phase = new PhaseMeter(subject);
  process.on('message', (command: Command) => {
    obey(command, subject, phase, feed).catch((error) => {
      console.error(error);
      process.exit(1);
    });
  });
  report({ type: 'ready', screen: subject.screen });
}

async function obey(
  command: Command,
  subject: RunningSubject,
  phase: PhaseMeter,
  feed: TurnFeed | null,
): Promise<void> {
  switch (command.type) {
    case 'begin':
      await phase.begin(command.reportProgress, command.profile);
      return report({ type: 'begun' });
    case 'end':
      return report({ type: 'ended', cost: await phase.end(command.profileFile) });
    case 'turns':
      await feed?.run(command.turns);
      return report({ type: 'turned' });
    case 'weigh':
      return report({ type: 'weighed', heldBytes: heldBytes() });
    case 'stop':
      await subject.stop();
      process.exit(0);
  }
}

function report(message: Report): void {
  process.send?.(message);
}

class PhaseMeter {
  private readonly loopDelay: IntervalHistogram = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  private readonly inspector = new Session();
  private before: SubjectCounts = { received: 0, absorbed: 0, rows: 0, refused: 0 };
  private cpu = process.cpuUsage();
  private timer: NodeJS.Timeout | undefined;
  private profile: ProfileKind | null = null;

  constructor(private readonly subject: RunningSubject) {}

  async begin(reportProgress: boolean, profile: ProfileKind | null): Promise<void> {
    this.before = await this.subject.counts();
    this.profile = profile;
    if (profile) await this.startProfile();
    if (reportProgress) this.timer = this.reportProgress();
    this.loopDelay.reset();
    this.loopDelay.enable();
    this.cpu = process.cpuUsage();
  }

  async end(profileFile: string | null): Promise<PhaseCost> {
    const cpu = process.cpuUsage(this.cpu);
    this.loopDelay.disable();
    clearInterval(this.timer);
    if (profileFile) await this.writeProfile(profileFile);
    return {
      ...(await this.sinceBegin()),
      cpuMs: (cpu.user + cpu.system) / 1000,
      eventLoopMaxMs: this.loopDelay.max / 1e6,
    };
  }

  private reportProgress(): NodeJS.Timeout {
    let last = '';
    return setInterval(async () => {
      const counts = await this.sinceBegin();
      const text = JSON.stringify(counts);
      if (text !== last) report({ type: 'progress', counts });
      last = text;
    }, REPORT_EVERY_MS);
  }

  private async sinceBegin(): Promise<SubjectCounts> {
    const now = await this.subject.counts();
    return {
      received: now.received - this.before.received,
      absorbed: now.absorbed - this.before.absorbed,
      rows: now.rows - this.before.rows,
      refused: now.refused - this.before.refused,
    };
  }

  private async startProfile(): Promise<void> {
    this.inspector.connect();
    if (this.profile === 'allocations') {
      await this.inspector.post('HeapProfiler.startSampling', {
        samplingInterval: ALLOCATION_INTERVAL_BYTES,
        includeObjectsCollectedByMajorGC: true,
        includeObjectsCollectedByMinorGC: true,
      });
      return;
    }
    await this.inspector.post('Profiler.enable');
    await this.inspector.post('Profiler.setSamplingInterval', { interval: PROFILE_INTERVAL_US });
    await this.inspector.post('Profiler.start');
  }

  private async writeProfile(file: string): Promise<void> {
    const { profile } =
      this.profile === 'cpu'
        ? await this.inspector.post('Profiler.stop')
        : await this.inspector.post('HeapProfiler.stopSampling');
    this.inspector.disconnect();
    await writeFile(file, JSON.stringify(profile));
  }
}

/** Of the heap and of buffers beside it, after a full collection. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
