import {
  type Criterion,
  fail,
  type HostFacts,
  type Judgement,
  type Known,
  type Lacking,
  type MinuteBehind,
  ofDatabase,
  ofHost,
  pass,
  type SyncRun,
  some,
  type VerifyFacts,
  waiting,
} from './facts.js';

const MOST_NULL_MINUTES = 0.01;
const LEAST_SYNC_SUCCESS = 0.95;

export const DATA_CRITERIA: readonly Criterion[] = [
  {
    id: 'database',
    title: 'database answers',
    target: 'every question',
    judge: ({ database }) => {
      if (!('value' in database)) return fail(database.unknown, '`livescore doctor` names what keeps it from us');
      const parts: readonly Known<unknown>[] = Object.values(database.value);
      const failed = parts.flatMap((part) => ('unknown' in part && part.failed ? [part.unknown] : []));
      if (failed.length === 0) return pass('it answered');
      return fail(
        `${failed.length} of ${parts.length} questions: ${some([...new Set(failed)])}`,
        'a lock or a long statement (pg_stat_activity), or what the words name; then run it again',
      );
    },
  },
  {
    id: 'null-scores',
    title: 'NULL scores, live',
    target: '0',
    judge: (facts) => ofDatabase(facts, ({ scores }) => scores, ofScores),
  },
  {
    id: 'null-minutes',
    title: 'NULL minutes, live',
    target: '< 1 %',
    judge: (facts) => ofDatabase(facts, ({ minutes }) => minutes, ofNullMinutes),
  },
  {
    id: 'minutes',
    title: 'minutes',
    target: 'every 30 s',
    judge: (facts) =>
      ofDatabase(
        facts,
        ({ minutesBehind }) => minutesBehind,
        ({ judged, behind }) =>
          ofMinutes(
            judged,
            behind,
            modeOf(facts, ({ health }) => health.minute?.mode),
          ),
      ),
  },
  {
    id: 'journal',
    title: 'journal equals row',
    target: 'every live match',
    judge: (facts) =>
      ofDatabase(
        facts,
        ({ journal }) => journal,
        ({ judged, apart }) => {
          if (judged === 0) return waiting('no live match of the direct path has been written yet');
          if (apart.length === 0) return pass(`${judged} live matches of the direct path`);
          return fail(
            `${apart.length} of ${judged} differ: ${some(apart.map(({ matchId, what }) => `${matchId} (${what})`))}`,
            '`livescore explain MATCH` tells what came last; `livescore foreign-writers` tells who else writes, and mode protect keeps them off',
          );
        },
      ),
  },
  {
    id: 'sync',
    title: 'sync workers',
    target: 'success > 95 %',
    judge: (facts) =>
      ofDatabase(
        facts,
        ({ syncRuns }) => syncRuns,
        (runs) =>
          ofSync(
            runs,
            modeOf(facts, ({ health }) => health.sync?.mode),
          ),
      ),
  },
  {
    id: 'unaccounted',
    title: 'unaccounted updates',
    target: '0',
    judge: (facts) =>
      ofHost(facts, ({ health: { accounting }, unaccounted }) => {
        const held = unaccounted.length > 0 && unaccounted.every((count) => count !== 0);
        const evidence = `${unaccounted.at(-1) ?? 0} of ${accounting.received} received, ${accounting.inFlight} in flight`;
        if (!held) return pass(evidence);
        return fail(
          evidence,
          'an update was lost or told twice: report it with the answer of /health (docs/fault-report.md)',
        );
      }),
  },
];

function ofScores({ live, lacking, ids }: Lacking): Judgement {
  if (live === 0) return waiting('no match is live');
  if (lacking === 0) return pass(`0 of ${live} live matches`);
  return fail(
    `${lacking} of ${live} live matches: ${some(ids, lacking)}`,
    '`livescore explain MATCH` tells what the feed said; the sync (LIVESCORE_SYNC=on) asks the provider about each',
  );
}

function ofNullMinutes({ live, lacking, ids }: Lacking): Judgement {
  if (live === 0) return waiting('no match has been live for a minute');
  const evidence = `${lacking} of ${live} live matches`;
  if (lacking / live < MOST_NULL_MINUTES) return pass(evidence);
  return fail(
    `${evidence}: ${some(ids, lacking)}`,
    '`livescore minute MATCH` tells why there is none; LIVESCORE_MINUTE=on lets the package write minutes',
  );
}

function ofMinutes(judged: number, behind: readonly MinuteBehind[], mode: string | null): Judgement {
  if (mode === 'off' || mode === 'shadow') {
    return waiting(
      `the minute is ${mode} here: the platform's job writes it`,
      'LIVESCORE_MINUTE=on, `livescore minute --set on`',
    );
  }
  if (judged === 0) return waiting('no live match has a running clock');
  if (behind.length === 0) return pass(`${judged} running matches, none behind by more than a minute`);
  const rows = behind.map(({ matchId, stored, expected }) => `${matchId} (${stored ?? 'none'}, should be ${expected})`);
  return fail(
    `${behind.length} of ${judged} behind: ${some(rows)}`,
    'does a host hold the lease (`livescore stage get`, /health)? Does somebody else write minutes (`livescore foreign-writers`)?',
  );
}

function ofSync(runs: readonly SyncRun[], mode: string | null): Judgement {
  if (mode === 'off') return waiting('the sync is off here', 'LIVESCORE_SYNC=on, `livescore sync --set on`');
  if (runs.length === 0) return waiting('no run has ended yet');
  const bad = runs.filter(({ verdict }) => verdict !== 'complete');
  const good = runs.length - bad.length;
  const evidence = `${good} of ${runs.length} last runs complete`;
  if (good / runs.length > LEAST_SYNC_SUCCESS) return pass(evidence);
  const names = bad.map(({ entity, verdict, error }) => `${entity} ${verdict}${error ? ` (${error})` : ''}`);
  return fail(
    `${evidence}: ${some(names)}`,
    '`livescore sync status` shows the errors; `livescore sync run ENTITY` tries one now',
  );
}

/** The mode in force in the host; null where nobody says. */
function modeOf({ host }: VerifyFacts, mode: (host: HostFacts) => string | undefined): string | null {
  return 'value' in host ? (mode(host.value) ?? null) : null;
}
