import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { FeedStateChanged } from './feed-state-changed.js';
import { SilentSession } from './silent-session.js';

describe('SilentSession', () => {
  const SUBSCRIBED_AT_MS = 1_000;
  let changes: Subject<FeedStateChanged>;
  let renewed: number;
  let session: SilentSession;

  function start(isResumed: boolean, lastMessageAtMs: number | null): void {
    const subscriptions = { isResumed, lastAtMs: SUBSCRIBED_AT_MS };
    const connection = { renew: () => void renewed++ };
    session = new SilentSession({ changes$: changes }, subscriptions, { lastMessageAtMs }, connection);
    session.onModuleInit();
  }
  const become = (to: FeedStateChanged['to'], reason: string) =>
    changes.next({ from: 'live', to, reason, atMs: 90_000, watermarkMs: null });

  beforeEach(() => {
    Logger.overrideLogger(false);
    changes = new Subject();
    renewed = 0;
  });
  afterEach(() => {
    session.onModuleDestroy();
    Logger.overrideLogger(['log', 'warn', 'error']);
  });

  it.each([null, SUBSCRIBED_AT_MS - 1])(
    'connects anew when a kept session says nothing, the last message at %s',
    (at) => {
      start(true, at);
      become('delayed', 'silence');
      expect(renewed).toBe(1);
      session.onModuleDestroy();
      become('delayed', 'silence');
      expect(renewed).toBe(1);
    },
  );

  it('leaves a session alone that is new, that spoke, or that only lags', () => {
    start(false, null);
    become('delayed', 'silence');
    session.onModuleDestroy();
    start(true, SUBSCRIBED_AT_MS + 1);
    become('delayed', 'silence');
    session.onModuleDestroy();
    start(true, null);
    become('delayed', 'commits-lag');
    become('live', 'caught-up');
    expect(renewed).toBe(0);
  });
});
