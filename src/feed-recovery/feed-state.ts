/**
 * `down`: not subscribed. `recovering`: subscribed, and what was missed before is not known yet. `live`: nothing is
 * missing. `delayed`: connected but behind, or silent although something happens in the matches.
 */
export type FeedState = 'down' | 'recovering' | 'live' | 'delayed';

/** Why the provider is asked for everything live. */
export type RecoveryTrigger =
  /** the first subscription of this process */
  | 'start'
  /** a new session: what was published meanwhile is lost */
  | 'reconnect'
  /** the broker kept the session, but may have kept less than all */
  | 'resumed'
  /** the lease came from another process */
  | 'takeover'
  /** no message although matches are being played */
  | 'silence';

export type Recovery =
  | { readonly phase: 'none' }
  /** to be started at `atMs`, not before */
  | { readonly phase: 'due'; readonly trigger: RecoveryTrigger; readonly atMs: number }
  | { readonly phase: 'running'; readonly trigger: RecoveryTrigger; readonly startedAtMs: number };

/** Everything the feed's state depends on. Times are our clock, unix ms. */
export interface FeedModel {
  readonly subscribed: boolean;
  /** no hole: whatever was missed has been recovered, or cannot be */
  readonly covered: boolean;
  /** the oldest update in flight is too old */
  readonly lagging: boolean;
  /** no message for too long while matches are being played */
  readonly silent: boolean;
  /** the present silence hides something: the provider told what the feed did not, or could not be asked */
  readonly suspect: boolean;
  readonly recovery: Recovery;
  readonly lastStartMs: number | null;
}

export type FeedEvent =
  | { readonly kind: 'subscribed'; readonly trigger: RecoveryTrigger; readonly atMs: number }
  | { readonly kind: 'lost'; readonly atMs: number }
  /** looked at regularly */
  | { readonly kind: 'observed'; readonly lagging: boolean; readonly silent: boolean; readonly atMs: number }
  /** the last snapshot of the running recovery is settled; `missed`: it changed a match */
  | { readonly kind: 'recovered'; readonly missed: boolean; readonly atMs: number }
  /** the running recovery asked in vain, and goes on trying */
  | { readonly kind: 'refused'; readonly atMs: number }
  /** the running recovery gave up */
  | { readonly kind: 'failed'; readonly atMs: number };

export interface FeedRules {
  /** the provider can be asked */
  readonly recoverable: boolean;
  /** from the start of a recovery to the next, ms */
  readonly minIntervalMs: number;
  /** the same while a silence lasts, ms: at least as long as a pulled answer keeps the next one from being believed */
  readonly silenceIntervalMs: number;
}

const NONE: Recovery = { phase: 'none' };

export const FEED_AT_START: FeedModel = {
  subscribed: false,
  covered: false,
  lagging: false,
  silent: false,
  suspect: false,
  recovery: NONE,
  lastStartMs: null,
};

export function stateOf({ subscribed, covered, lagging, silent, suspect }: FeedModel): FeedState {
  if (!subscribed) return 'down';
  if (!covered) return 'recovering';
  return lagging || (silent && suspect) ? 'delayed' : 'live';
}

/**
 * What follows from an event: pure. A recovery that is due is started by the next look at or after its time; a model
 * whose `recovery` is another `running` object than before tells the caller to start it, one whose is no longer
 * `running` to end it. The same object comes back when nothing changed.
 */
export function nextFeed(model: FeedModel, event: FeedEvent, rules: FeedRules): FeedModel {
  switch (event.kind) {
    case 'subscribed':
      return subscribed(model, event.trigger, event.atMs, rules);
    case 'lost':
      return { ...model, subscribed: false, covered: false, silent: false, suspect: false, recovery: NONE };
    case 'observed':
      return startWhenDue(observed(model, event, rules), event.atMs, rules);
    case 'recovered':
      return recovered(model, event.missed);
    case 'refused':
      return model.silent && !model.suspect ? { ...model, suspect: true } : model;
    case 'failed':
      return failed(model, event.atMs, rules);
  }
}

/** When the next recovery may start: later ones are put off, not dropped. */
function due({ lastStartMs }: FeedModel, trigger: RecoveryTrigger, nowMs: number, rules: FeedRules): Recovery {
  const intervalMs = trigger === 'silence' ? rules.silenceIntervalMs : rules.minIntervalMs;
  // a clock that was set back must not put a recovery off for longer than the interval
  const wasStarted = lastStartMs !== null && lastStartMs <= nowMs;
  return { phase: 'due', trigger, atMs: wasStarted ? Math.max(nowMs, lastStartMs + intervalMs) : nowMs };
}

function subscribed(model: FeedModel, trigger: RecoveryTrigger, atMs: number, rules: FeedRules): FeedModel {
  const fresh = { ...model, subscribed: true, silent: false };
  if (!rules.recoverable) return { ...fresh, covered: true, suspect: true, recovery: NONE };
  const recovery = due(model, trigger, atMs, rules);
  return startWhenDue({ ...fresh, covered: false, suspect: false, recovery }, atMs, rules);
}

function observed(
  model: FeedModel,
  { lagging, silent, atMs }: Extract<FeedEvent, { kind: 'observed' }>,
  rules: FeedRules,
): FeedModel {
  const isSilent = silent && model.subscribed;
  const recovery = afterLook(model, isSilent, atMs, rules);
  if (lagging === model.lagging && isSilent === model.silent && recovery === model.recovery) return model;
  return { ...model, lagging, silent: isSilent, suspect: isSilent ? model.suspect : !rules.recoverable, recovery };
}

function afterLook(model: FeedModel, silent: boolean, atMs: number, rules: FeedRules): Recovery {
  const { recovery } = model;
  if (silent && recovery.phase === 'none' && rules.recoverable) return due(model, 'silence', atMs, rules);
  if (!silent && recovery.phase === 'due' && recovery.trigger === 'silence') return NONE;
  return recovery;
}

function startWhenDue(model: FeedModel, atMs: number, rules: FeedRules): FeedModel {
  const { recovery } = model;
  if (recovery.phase !== 'due') return model;
  const wasSetBack = recovery.atMs > atMs + Math.max(rules.minIntervalMs, rules.silenceIntervalMs);
  if (recovery.atMs > atMs && !wasSetBack) return model;
  const running: Recovery = { phase: 'running', trigger: recovery.trigger, startedAtMs: atMs };
  return { ...model, recovery: running, lastStartMs: atMs };
}

function recovered(model: FeedModel, missed: boolean): FeedModel {
  const { recovery } = model;
  if (recovery.phase !== 'running') return model;
  // what was found after a hole says nothing about the silence
  const wasSilence = recovery.trigger === 'silence' && missed;
  return { ...model, covered: true, suspect: model.silent && (model.suspect || wasSilence), recovery: NONE };
}

function failed(model: FeedModel, atMs: number, rules: FeedRules): FeedModel {
  const { recovery } = model;
  if (recovery.phase !== 'running') return model;
  return { ...model, suspect: model.silent, recovery: due(model, recovery.trigger, atMs, rules) };
}

/** Why the feed came into `to`, as a word for logs and metrics. */
export function reasonFor(from: FeedState, to: FeedState, model: FeedModel): string {
  switch (to) {
    case 'down':
      return 'connection-lost';
    case 'recovering':
      return model.recovery.phase === 'none' ? 'hole' : model.recovery.trigger;
    case 'delayed':
      return model.lagging ? 'commits-lag' : 'silence';
    case 'live':
      if (from === 'recovering') return 'recovered';
      return from === 'down' ? 'recovery-off' : 'caught-up';
  }
}
