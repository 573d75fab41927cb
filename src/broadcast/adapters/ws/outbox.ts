import type { Logger } from '@nestjs/common';
import type { Observable, Subscription } from 'rxjs';
import type { Clock } from '../../../kernel/clock.js';
import { logFields } from '../../../kernel/log-fields.js';
import type { News } from '../../board/news.js';
import type { ClientFrame } from '../../ports/client-frame.js';
import { changeFrame, clockFrame, detailsFrame } from '../../ports/match-frame-of.js';
import { positionText } from '../../ports/position.js';
import type { LiveItem } from './live-item.js';
import { snapshotFrame } from './snapshot-frame.js';
import type { WsClients } from './ws-clients.js';
import { joined, jsonFrame } from './ws-frame.js';

/** A frame of any type: hosts send frames of their own, too. */
export interface Frame {
  readonly type: string;
}

/** What follows it runs at the end of this turn; `queueMicrotask` keeps a context for each call, which nobody asks for. */
const AT_ONCE = Promise.resolve();

/** Told of each frame that goes out, by its type. */
export type Counting = (type: string) => void;

/**
 * The outbox gathers what is told within one turn of the event loop and encodes it once: it leaves as one write per client,
 * before anything that is told in a later turn.
 */
export class Outbox {
  private legacy: Frame[] = [];
  private live: LiveItem[] = [];
  private isDue = false;
  private readonly due = () => {
    this.isDue = false;
    this.flush();
  };

  constructor(
    private readonly clients: WsClients,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly count: Counting,
  ) {}

  /** Sends all news, and fails none of those who tell them. */
  follow(news$: Observable<readonly News[]>): Subscription {
    return news$.subscribe((news) => {
      try {
        this.news(news);
      } catch (error) {
        this.logger.error('News could not be sent', logFields({ error }));
      }
    });
  }

  private news(news: readonly News[]): void {
    if (this.clients.size === 0) return;
    const nowMs = this.clock.nowMs();
    for (const one of news) {
      if (this.clients.anyLegacy && !one.heard) this.legacy.push(...one.frames);
      const item = this.liveItem(one, nowMs);
      if (item) this.live.push(item);
    }
    this.schedule();
  }

  /** Frames of the first protocol. */
  frames(frames: readonly Frame[]): void {
    if (!this.clients.anyLegacy) return;
    this.legacy.push(...frames);
    this.schedule();
  }

  /** Sends at once what waits. */
  flush(): void {
    if (this.legacy.length > 0) {
      const frames = this.legacy;
      this.legacy = [];
      this.sendLegacy(frames);
    }
    if (this.live.length > 0) {
      const items = this.live;
      this.live = [];
      this.clients.sendLive(items);
    }
  }

  private schedule(): void {
    if (this.isDue || this.legacy.length + this.live.length === 0) return;
    this.isDue = true;
    void AT_ONCE.then(this.due);
  }

  private sendLegacy(frames: readonly Frame[]): void {
    if (!this.clients.anyLegacy) return;
    const encoded = frames.map(jsonFrame);
    const isMinute = (n: number) => (frames[n] as Partial<ClientFrame>).type === 'MINUTE_UPDATE';
    const others = this.clients.anyTicks ? encoded.filter((_frame, n) => !isMinute(n)) : [];
    this.clients.sendLegacy(joined(encoded), others.length > 0 ? joined(others) : null);
    for (const { type } of frames) this.count(type);
  }

  private liveItem({ entry, version, clock, details, first, reset }: News, nowMs: number): LiveItem | null {
    if (!entry) return null;
    const { matchId, competitionId } = entry;
    if (!this.clients.audience.hasListeners(matchId, competitionId)) return null;
    if (version) {
      const previous = positionText(version.previous);
      const marks = { restated: version.restated, conflated: version.jumped };
      const frame = changeFrame(version.told, previous, marks, nowMs);
      return this.item('version', frame, { matchId, competitionId, previous });
    }
    const at = { matchId, competitionId, previous: entry.positionText };
    if (reset) return { kind: 'state', ...at, frame: snapshotFrame({ recovered: false, entries: [entry] }, nowMs) };
    // who follows its competition has not heard of the match, and nobody of what stands beside its versions
    if (first) return { kind: 'first', ...at, frame: snapshotFrame({ recovered: true, entries: [entry] }, nowMs) };
    if (clock) return this.item('clock', clockFrame(matchId, clock.position, clock.clock, nowMs), at);
    if (details) return this.item('details', detailsFrame(matchId, details, nowMs), at);
    return null;
  }

  private item(kind: LiveItem['kind'], frame: Frame, at: Omit<LiveItem, 'kind' | 'frame'>): LiveItem {
    this.count(frame.type);
    return { kind, ...at, frame: jsonFrame(frame) };
  }
}
