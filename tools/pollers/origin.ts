import 'reflect-metadata';
import { LiveOrigin } from '../../test/broadcast/live-origin.js';
import { toldGoal } from '../../test/support/told.js';
import { endWithParent } from './child.js';
import { type AskedSecond, type FromOrigin, sharedNowMs, type ToOrigin } from './messages.js';

// One instance: serves /live, hears of goals from its parent, counts what it is asked.

endWithParent();
const { longPollMs }: { longPollMs: number } = JSON.parse(process.argv[2] ?? '{}');
const asked = new Map<string, Map<number, number>>();

const origin = await LiveOrigin.start({ broadcast: { longPollMs }, onRequest: count });
process.on('message', (message: ToOrigin) => {
  if (message.kind === 'goal') origin.tell(toldGoal(message));
  else say({ kind: 'counts', seconds: [...secondsAsked()] });
});
say({ kind: 'ready', url: origin.url });

function count(url: string): void {
  const path = url.split('?', 1)[0] ?? '';
  const second = Math.floor(sharedNowMs() / 1_000);
  const seconds = asked.get(path) ?? new Map<number, number>();
  seconds.set(second, (seconds.get(second) ?? 0) + 1);
  asked.set(path, seconds);
}

function* secondsAsked(): Iterable<AskedSecond> {
  for (const [path, seconds] of asked) for (const [second, requests] of seconds) yield { path, second, requests };
}

function say(message: FromOrigin): void {
  process.send?.(message);
}
