import type { Result } from './play-truth.js';
import { NO_MATCHES, type Tally, tallyBy } from './tally.js';

const HEAD = 'final goals/status wrong % · s wrong, score/status · false GOAL/CANCELLED per 100';

/** The tables of one run, or of the run before and the run after a change: cells, histories, faults, providers. */
export function truthTables(after: readonly Result[], before: readonly Result[] | null): readonly string[] {
  const kinds: readonly [string, (result: Result) => string][] = [
    ['history × fault', ({ history, fault }) => `${history} × ${fault}`],
    ['history', ({ history }) => history],
    ['fault', ({ fault }) => fault],
    ['provider', ({ provider }) => provider],
    ['in all', () => 'every match'],
  ];
  return kinds.flatMap(([kind, keyOf]) => ['', `# ${kind}: ${HEAD}`, ...table(after, before, keyOf)]);
}

/** Every wrong final row beside an answering provider: with its excuse, or as a fault. */
export function wrongFinals(results: readonly Result[]): { excused: readonly string[]; faults: readonly string[] } {
  const wrong = results.filter(
    ({ provider, verdict }) => provider.startsWith('answers') && (verdict.goalsWrong || verdict.statusWrong),
  );
  const line = ({ provider, history, fault, matchId, verdict, excuse }: Result) =>
    `${history} × ${fault}, ${provider}, ${matchId}: ${whatIsWrong(verdict)}${excuse ? `; ${excuse}` : ''}`;
  return {
    excused: wrong.filter(({ excuse }) => excuse !== null).map(line),
    faults: wrong.filter(({ excuse }) => excuse === null).map(line),
  };
}

function whatIsWrong({ goalsWrong, statusWrong }: Result['verdict']): string {
  return [goalsWrong && 'goals', statusWrong && 'status'].filter(Boolean).join(' and ');
}

function table(after: readonly Result[], before: readonly Result[] | null, keyOf: (result: Result) => string) {
  const [now, then] = [tallyBy(after, keyOf), before && tallyBy(before, keyOf)];
  return [...now].map(([key, tally]) => {
    const was = then?.get(key) ?? NO_MATCHES;
    return then
      ? `${key}: ${numbers(was)} → ${numbers(tally)} (${reductions(was, tally)})`
      : `${key}: ${numbers(tally)}`;
  });
}

function numbers(tally: Tally): string {
  const per = (sum: number, unit: number) => (tally.matches === 0 ? 0 : (sum / tally.matches) * unit);
  const percent = [tally.goalsWrong, tally.statusWrong].map((sum) => per(sum, 100).toFixed(1)).join('/');
  const seconds = [tally.scoreWrongS, tally.statusWrongS].map((sum) => per(sum, 1).toFixed(0)).join('/');
  const falsely = [tally.falseGoals, tally.falseCancellations].map((sum) => per(sum, 100).toFixed(0)).join('/');
  return `${percent} · ${seconds} · ${falsely}`;
}

function reductions(was: Tally, now: Tally): string {
  const pairs: readonly [string, number, number][] = [
    ['finals', was.goalsWrong + was.statusWrong, now.goalsWrong + now.statusWrong],
    ['seconds', was.scoreWrongS + was.statusWrongS, now.scoreWrongS + now.statusWrongS],
    ['false', was.falseGoals + was.falseCancellations, now.falseGoals + now.falseCancellations],
  ];
  return pairs.map(([name, from, to]) => `${name} ${change(from, to)}`).join(', ');
}

function change(from: number, to: number): string {
  if (from === 0) return to === 0 ? '±0 %' : 'new';
  const percent = Math.round(((to - from) / from) * 100);
  return percent > 0 ? `+${percent} %` : `${percent === 0 ? '±' : '−'}${Math.abs(percent)} %`;
}
