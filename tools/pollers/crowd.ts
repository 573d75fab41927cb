import { setMaxListeners } from 'node:events';
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { LivePoller } from '../../test/broadcast/live-poller.js';
import { endWithParent } from './child.js';
import { type CrowdSettings, type FromCrowd, sharedNowMs } from './messages.js';

// Many readers in one process, each with a connection of its own. Says when all of a match have a version.

const SAY_EVERY_MS = 500;

endWithParent();
const { url, pollers, matchIds, rampMs }: CrowdSettings = JSON.parse(process.argv[2] ?? '{}');
const agent = new Agent({
  keepAlive: true,
  maxSockets: Number.POSITIVE_INFINITY,
  maxFreeSockets: Number.POSITIVE_INFINITY,
});
const { signal } = new AbortController();
setMaxListeners(0, signal);

/** The readers of one match, by the version that they have. */
class Readers {
  private readonly byVersion = new Map<number, number>();
  private oldest = 0;

  constructor(
    private readonly matchId: string,
    readonly size: number,
  ) {
    this.byVersion.set(0, size);
  }

  moved(from: number, to: number): void {
    this.byVersion.set(from, (this.byVersion.get(from) ?? 0) - 1);
    this.byVersion.set(to, (this.byVersion.get(to) ?? 0) + 1);
    if (this.byVersion.get(from) === 0) this.byVersion.delete(from);
    const oldest = Math.min(...this.byVersion.keys());
    if (oldest > this.oldest) say({ kind: 'current', matchId: this.matchId, version: oldest, atMs: sharedNowMs() });
    this.oldest = oldest;
  }
}

let answers = 0;
const all: LivePoller[] = [];
setInterval(() => {
  answers = all.reduce((sum, poller) => sum + poller.answers, 0);
  say({ kind: 'answers', count: answers });
}, SAY_EVERY_MS);

const crowds = matchIds.map((matchId) => new Readers(matchId, Math.ceil(pollers / matchIds.length)));
const beganAtMs = performance.now();
for (let at = 0; at < Math.ceil(pollers / matchIds.length) * matchIds.length; at++) {
  const readers = crowds[at % crowds.length] as Readers;
  let had = 0;
  const poller = new LivePoller(`${url}/live/matches/${matchIds[at % crowds.length]}`, agent, {
    newer: (version) => {
      readers.moved(had, version);
      had = version;
    },
    wrong: (what) => say({ kind: 'wrong', what }),
  });
  all.push(poller);
  void poller.run(signal);
  const aheadMs = (rampMs * at) / pollers - (performance.now() - beganAtMs);
  if (aheadMs > 5) await pause(aheadMs);
}

function say(message: FromCrowd): void {
  process.send?.(message);
}
