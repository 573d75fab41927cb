import type { OperationsFacts } from '../../facts.js';
import { spanText, timeText, written } from './format.js';
import type { Answer } from './poll.js';
import { shown } from './text.js';

/** How bad it is: nothing to do, look at it in the morning, or act now. */
export type Level = 'ok' | 'warn' | 'bad' | 'wait';

export interface Trouble {
  readonly level: 'warn' | 'bad';
  readonly text: string;
}

/** The sentence on top of the page, and what else is wrong. */
export interface Verdict {
  readonly level: Level;
  readonly text: string;
  readonly others: readonly string[];
}

/** Scores are late on screens from here on, ms. */
const LATE_P95_MS = 2_000;
/** A loop that stands still so long makes everything late, ms. */
const SLOW_LOOP_MS = 250;

/** What the host says of a writer that fails. */
const UNWRITTEN = 'scores cannot be written';

type Rule = (facts: OperationsFacts) => Trouble | null;

const bad = (text: string): Trouble => ({ level: 'bad', text });
const warn = (text: string): Trouble => ({ level: 'warn', text });

/** The worst first: the first one is the sentence. */
const RULES: readonly Rule[] = [
  ({ database: { ok, error, sinceMs }, ready: { db } }) => {
    if (ok) return null;
    const what = `The database does not answer${since(sinceMs)}${error ? ` (${shown(error)})` : ''}`;
    // the questions of the page alone may fail
    return bad(`${what}: ${db.ok ? 'what stands below is old' : 'no score is written'}.`);
  },
  ({ database, ready: { db } }) =>
    db.ok || !database.ok
      ? null
      : bad(
          `Scores cannot be written${db.error === UNWRITTEN ? '' : `: ${shown(db.error ?? 'the database refuses')}`}.`,
        ),
  ({ health: { feed, lease } }) =>
    feed && isDown(feed) && lease?.held !== false
      ? bad(`The feed is down${since(Date.parse(feed.since ?? ''))}: scores stand still.`)
      : null,
  ({ stored: { rollout } }) => {
    const { setting, change } = rollout?.value ?? {};
    if (!setting?.latched) return null;
    return bad(`The rollout took itself back to ${setting.stage}: ${shown(change?.reason ?? 'no reason is known')}.`);
  },
  ({ stored: { live, hosts } }) =>
    live.value && hosts?.value && hosts.value.length > 0 && !live.value.lease
      ? bad('No process takes the feed: every one stands by.')
      : null,
  ({ accounting: { unaccounted } }) =>
    unaccounted === 0 ? null : bad(`${written(unaccounted, 'count')} updates are unaccounted for.`),
  ({ health: { rollout } }) =>
    rollout?.kill_switch ? bad('The kill switch is on: every match goes the legacy way here.') : null,
  ({ ready: { checks = {} } }) => {
    const down = Object.keys(checks).filter((name) => checks[name] === 'down');
    return down.length === 0 ? null : bad(`The host's own checks fail: ${down.map(shown).join(', ')}.`);
  },
  ({ ready }) => (ready.draining ? warn('This process is shutting down.') : null),
  ({ health: { feed } }) =>
    feed?.state === 'delayed' || feed?.state === 'recovering'
      ? warn(`The feed is ${feed.state}${since(Date.parse(feed.since ?? ''))}.`)
      : null,
  ({ health: { lease } }) =>
    lease?.held && !lease.confirmed ? warn('The lease is held here, and not confirmed.') : null,
  ({
    latency: {
      receiveToScreen: { p95 },
    },
  }) =>
    p95 !== null && p95 > LATE_P95_MS
      ? warn(`Scores are late: ${written(p95, 'ms')} from receipt to screens (p95).`)
      : null,
  ({ health: { feed } }) => counted(feed?.no_feed, 'live match has no feed', 'live matches have no feed'),
  ({ health: { stale } }) => counted(stale, 'match stands still', 'matches stand still'),
  ({ health: { disputed } }) => counted(disputed, 'match is disputed', 'matches are disputed'),
  ({ health: { provider } }) =>
    provider?.address_refused ? warn("The provider's REST API refuses our address.") : null,
  ({ health: { provider } }) =>
    provider?.last_error && !provider.address_refused
      ? warn(`The provider's REST API fails: ${shown(provider.last_error.code)}.`)
      : null,
  ({ process: { loopP99Ms } }) =>
    loopP99Ms !== null && loopP99Ms > SLOW_LOOP_MS
      ? warn(`The process is busy: its loop stands ${written(loopP99Ms, 'ms')}.`)
      : null,
  ({ health: { sync } }) =>
    sync && sync.incomplete.length > 0
      ? warn(`The sync of ${sync.incomplete.map(shown).join(', ')} did not complete.`)
      : null,
  ({ stored: { settlement } }) =>
    counted(
      settlement?.value?.behind.count,
      'match is behind with its verdicts',
      'matches are behind with their verdicts',
    ),
];

function isDown({ state, connected }: NonNullable<OperationsFacts['health']['feed']>): boolean {
  return state === undefined ? !connected : state === 'down';
}

function since(atMs: number | null): string {
  return atMs === null || Number.isNaN(atMs) ? '' : ` since ${timeText(atMs)}`;
}

function counted(count: number | undefined | null, one: string, many: string): Trouble | null {
  return count ? warn(`${count} ${count === 1 ? one : many}.`) : null;
}

/** Everything that is wrong, the worst first. */
export function troublesOf(facts: OperationsFacts): readonly Trouble[] {
  const all = RULES.map((rule) => rule(facts)).filter((trouble) => trouble !== null);
  return [...all.filter(({ level }) => level === 'bad'), ...all.filter(({ level }) => level === 'warn')];
}

/** What is to be said on top, from the newest answer. */
export function verdictOf(answer: Answer<OperationsFacts>): Verdict {
  switch (answer.kind) {
    case 'silent':
      return {
        level: 'bad',
        text: `No answer from the host${since(answer.sinceMs)}.`,
        others: ['What stands below is old.'],
      };
    case 'refused':
      return { level: 'bad', text: refusedText(answer.status), others: [] };
    case 'facts': {
      const [worst, ...others] = troublesOf(answer.facts);
      if (!worst) return { level: 'ok', text: wellText(answer.facts), others: [] };
      return { level: worst.level, text: worst.text, others: others.map(({ text }) => text) };
    }
  }
}

function refusedText(status: number): string {
  const isLogin = status === 401 || status === 403 || status === 404;
  return isLogin ? 'The host does not know you any more: sign in again.' : `The host answers ${status}.`;
}

function wellText({ stored, health, latency }: OperationsFacts): string {
  const count = stored.live.value?.count ?? 0;
  const { p95 } = latency.receiveToScreen;
  const parts = [
    count === 0 ? 'no match is being played' : `${count} ${count === 1 ? 'match is' : 'matches are'} live`,
    ...(health.lease?.held === false ? ['this process stands by'] : []),
    ...(p95 === null ? [] : [`${written(p95, 'ms')} to screens (p95)`]),
    ...(health.feed?.seconds_since_message ? [`last message ${spanText(health.feed.seconds_since_message)} ago`] : []),
  ];
  return `All is well: ${parts.join(', ')}.`;
}
