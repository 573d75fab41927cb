import {
  type AgedMatch,
  type Criterion,
  duration,
  fail,
  type HostFacts,
  type Judgement,
  ofDatabase,
  ofHost,
  pass,
  some,
  type VerifyFacts,
  waiting,
  whenKnown,
} from './facts.js';

const LEAST_ANSWERED = 0.99;
const FIRST_HOUR_S = 3_600;
const MOST_POOL = 0.5;
const MOST_ERRORS = 0.05;
const LEAST_RECEIVED = 20;
const MOST_STUCK_S = 120;
const MOST_SILENCE_S = 30;

export const HOST_CRITERIA: readonly Criterion[] = [
  {
    id: 'ready',
    title: 'host answers and is ready',
    target: '/health and /ready 200',
    judge: ({ host }) => {
      if (!('value' in host)) return fail(host.unknown, 'start the host, or name its address with --url');
      const { ready } = host.value;
      if (ready.status === 200) return pass('/health and /ready answered 200');
      return fail(
        `/ready answered ${ready.status}: ${ready.error ?? 'it says no reason'}`,
        '`livescore doctor` names what is missing',
      );
    },
  },
  {
    id: 'uptime',
    title: 'uptime, first hour',
    target: '> 99 %',
    judge: (facts) => ofHost(facts, ofUptime),
  },
  {
    id: 'pool',
    title: 'pool in use',
    target: '< 50 %',
    judge: (facts) =>
      ofHost(facts, ({ pool }) =>
        whenKnown(pool, (looks) => {
          if (looks.length === 0) return waiting('the host has no pool of its own');
          const share = looks.reduce((sum, { active, total }) => sum + active / total, 0) / looks.length;
          const most = Math.max(...looks.map(({ waiting: count }) => count));
          const evidence = `${percent(share)} of ${looks[0]?.total ?? 0} connections over ${looks.length} looks, ${most} statements waiting at most`;
          if (share < MOST_POOL) return pass(evidence);
          return fail(
            evidence,
            'raise postgres.poolSize (2–4), and look for slow statements and locks at the database',
          );
        }),
      ),
  },
  {
    id: 'errors',
    title: 'error rate',
    target: '< 5 %',
    judge: (facts) => ofHost(facts, ofErrors),
  },
  {
    id: 'stuck-messages',
    title: 'unacknowledged messages',
    target: 'none for 2 min',
    judge: (facts) =>
      ofFeed(facts, (feed) => {
        const { unacknowledged, oldest_unacknowledged_s: ageS } = feed.delivery;
        if (ageS === null) return pass('none');
        const evidence = `${unacknowledged}, the oldest for ${Math.round(ageS)} s`;
        if (ageS < MOST_STUCK_S) return pass(evidence);
        return fail(evidence, 'the database does not take them: see /ready and the log; `livescore dead-letters list`');
      }),
  },
  {
    id: 'stuck-feed',
    title: 'feed watermark',
    target: 'not older than 2 min',
    judge: (facts) =>
      ofFeed(facts, ({ state, watermark_age_s: ageS = null, live_matches: live = null }, uptimeS) => {
        if (ageS === null) return ofUnfollowed(state, live, uptimeS);
        const evidence = `everything received up to ${Math.round(ageS)} s ago is committed, feed ${state}, ${live ?? 0} live matches`;
        if (ageS < MOST_STUCK_S || !live) return pass(evidence);
        return fail(evidence, 'is the broker reachable (`livescore doctor`)? Does the database take writes (/ready)?');
      }),
  },
  {
    id: 'stuck-matches',
    title: 'matches that stand still',
    target: 'none for 2 min',
    judge: (facts) =>
      ofDatabase(
        facts,
        ({ stale }) => stale,
        (stale) => {
          const isWatched = 'value' in facts.host && facts.host.value.health.stale !== undefined;
          if (stale.length === 0 && !isWatched) {
            return waiting(
              'nobody looks for matches that stand still',
              'LIVESCORE_SYNC=on: its watchdog looks every 30 s',
            );
          }
          return aged(
            stale,
            'ask the provider about them, or `livescore match end MATCH --reason …`; time alone ends none',
          );
        },
      ),
  },
  {
    id: 'stuck-settlements',
    title: 'open settlements',
    target: 'none for 2 min',
    judge: (facts) =>
      ofDatabase(
        facts,
        ({ openSettlements }) => openSettlements,
        (open) => {
          const mode = 'value' in facts.host ? facts.host.value.health.settlement?.mode : undefined;
          if (mode === 'off') return waiting("the settlement is off here: the platform's own settles");
          return aged(
            open,
            '`livescore settlement explain MATCH`; the log says "Predictions could not be settled" with the reason',
          );
        },
      ),
  },
  {
    id: 'fallback',
    title: 'API fallback',
    target: 'within 30 s of silence',
    judge: (facts) => ofHost(facts, ofFallback),
  },
];

function ofUptime({ looks, answered, health: { uptime_s: uptimeS } }: HostFacts): Judgement {
  const evidence = `up for ${duration(uptimeS)}, ${answered} of ${looks} looks at /health answered`;
  if (answered / looks <= LEAST_ANSWERED) {
    return fail(evidence, 'it comes and goes: look at its restarts (`pm2 describe goalgpt-backend`) and its log');
  }
  if (uptimeS >= FIRST_HOUR_S) return pass(evidence);
  return waiting(evidence, 'run it again when the first hour is over');
}

function ofErrors({ health: { accounting }, writeErrors }: HostFacts): Judgement {
  const { received, dead, malformed } = accounting;
  const failed = 'value' in writeErrors ? writeErrors.value : 0;
  const statements = 'value' in writeErrors ? `${failed} failed statements` : writeErrors.unknown;
  const evidence = `${dead} dead, ${malformed} malformed, ${statements}, of ${received} updates`;
  if (received < LEAST_RECEIVED) return waiting(`${evidence}; ${LEAST_RECEIVED} are needed`);
  const share = (dead + malformed + failed) / received;
  if (share < MOST_ERRORS) return pass(`${percent(share)}: ${evidence}`);
  return fail(
    `${percent(share)}: ${evidence}`,
    '`livescore dead-letters list` shows what was refused and why; livescore_write_errors_total shows the SQLSTATE of what failed',
  );
}

type Feed = NonNullable<HostFacts['health']['feed']>;

/** Only the process that takes the feed can say something of it. */
function ofFeed(facts: VerifyFacts, judge: (feed: Feed, uptimeS: number) => Judgement): Judgement {
  return ofHost(facts, ({ health: { feed, lease, uptime_s: uptimeS } }) => {
    if (!feed) return waiting('this host has no connection to the feed');
    if (lease && !lease.held)
      return waiting('this host stands by: ask the one that takes the feed (`livescore stage get`)');
    return judge(feed, uptimeS);
  });
}

/** Nothing was ever followed: a host that has just started may wait for it, another one should have got through. */
function ofUnfollowed(state: string | undefined, live: number | null, uptimeS: number): Judgement {
  const evidence = `the feed is ${state ?? 'not followed'}: nothing is known yet`;
  if (!live || uptimeS < MOST_STUCK_S) return waiting(evidence);
  return fail(
    `${evidence} after ${duration(uptimeS)}, ${live} live matches`,
    '`livescore doctor` names a broker that is away, a wrong password, a refused topic',
  );
}

function ofFallback({ health: { feed, lease, provider } }: HostFacts): Judgement {
  if (!feed) return waiting('this host has no connection to the feed');
  if (lease && !lease.held) return waiting('this host stands by: ask the one that takes the feed');
  const { recovery, state, live_matches: live = null, seconds_since_message: silentS } = feed;
  if (!provider?.enabled || recovery?.state === 'off') {
    return fail('the provider cannot be asked: there are no credentials', 'set provider.user and provider.secret');
  }
  if (provider.address_refused) {
    return fail('the provider does not know our address', "have the address added to the provider's list");
  }
  const isSilent = live !== null && live > 0 && (!feed.connected || silentS === null || silentS > MOST_SILENCE_S);
  if (!isSilent) {
    const spoke = silentS === null ? 'it has not spoken yet' : `it spoke ${Math.round(silentS)} s ago`;
    return pass(`not needed: feed ${state ?? 'connected'}, ${spoke}, ${live ?? 0} live matches; the provider answers`);
  }
  return ofSilence(silentS, provider);
}

function ofSilence(
  silentS: number | null,
  { last_success: last }: { readonly last_success: string | null },
): Judgement {
  const askedS = last === null ? null : Math.max(0, (Date.now() - Date.parse(last)) / 1000);
  const silence = silentS === null ? 'the feed has not spoken' : `silent for ${Math.round(silentS)} s`;
  const evidence = `${silence}, the provider answered ${askedS === null ? 'never' : `${Math.round(askedS)} s ago`}`;
  if (askedS !== null && askedS <= MOST_SILENCE_S) return pass(evidence);
  return fail(evidence, 'see feed.recovery.last_error and provider.last_error in /health');
}

function aged(rows: readonly AgedMatch[], action: string): Judgement {
  const stuck = rows.filter(({ ageS }) => ageS >= MOST_STUCK_S);
  if (stuck.length === 0) return pass(rows.length === 0 ? 'none' : `${rows.length}, none for 2 min`);
  const words = stuck.map(({ matchId, what, ageS }) => `${matchId} (${what ? `${what}, ` : ''}${duration(ageS)})`);
  return fail(`${stuck.length}: ${some(words)}`, action);
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
