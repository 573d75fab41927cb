// Loaded into the host before its own code (`node --import`): sets the host's clock and counts what it holds, on
// request of the fault suite. The host itself knows nothing of it.

/** What the suite asks of a host. */
export type ProbeRequest = { readonly ask: 'resources' } | { readonly ask: 'step-clock'; readonly byMs: number };

/** What a host holds, as Node counts it. */
export interface HostResources {
  readonly rssBytes: number;
  readonly sockets: number;
  readonly timers: number;
}

const SystemDate = Date;
let offsetMs = 0;
const now = () => SystemDate.now() + offsetMs;

/** `Date` of a machine whose clock was set; timers and `performance` run on, as they do on such a machine. */
const SteppedDate = new Proxy(SystemDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});

function resources(): HostResources {
  globalThis.gc?.();
  const active = process.getActiveResourcesInfo();
  return {
    rssBytes: process.memoryUsage.rss(),
    sockets: active.filter((name) => name === 'TCPSocketWrap').length,
    timers: active.filter((name) => name === 'Timeout').length,
  };
}

process.on('message', (request: ProbeRequest) => {
  if (request.ask === 'resources') process.send?.(resources());
  else {
    offsetMs += request.byMs;
    globalThis.Date = SteppedDate;
    process.send?.({});
  }
});
process.channel?.unref();
