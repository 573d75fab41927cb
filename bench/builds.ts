import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BenchOptions } from './options.js';
import { seriesOf } from './series.js';
import type { Measure, SessionResult } from './session.js';
import { median, rounded } from './statistics.js';

type Figures = Readonly<Record<string, number | null>>;

/**
 * Measures `ours` of this build, or the one subject asked for, beside that of another commit, in turns, each first in every second round, and prints the
 * medians of the rounds' own ratios: above 1 this build costs more.
 * @throws when the checkout is not compiled
 */
export async function compareBuilds(
  { rounds, against, json, groups, subjects }: BenchOptions & { readonly against: string },
  measure: Measure,
): Promise<void> {
  if (!existsSync(resolve(against, 'dist/app/bench/subjects/subject.js')))
    throw new Error(`${against} is not compiled: run npx tsc -p tsconfig.examples.json in it`);
  const name = subjects.length === 1 ? subjects[0]! : 'ours';
  const [series] = seriesOf(
    groups.filter((group) => group === 'lowLoad' || group === 'saturation'),
    [name],
  );
  if (!series) throw new Error('no series to compare builds in');
  const ratios: Figures[] = [];
  for (let round = 0; round < rounds; round++) {
    const figures = new Map<string | null, Figures>();
    for (const checkout of round % 2 === 0 ? [against, null] : [null, against]) {
      process.stderr.write(`round ${round + 1} of ${rounds}: ${checkout ?? 'this build'}\n`);
      figures.set(checkout, figuresOf(await measure(series, name, round, { checkout })));
    }
    ratios.push(quotients(figures.get(null) ?? {}, figures.get(against) ?? {}));
  }
  const names = Object.keys(ratios[0] ?? {});
  const medians = names.map((name) => [name, rounded(median(ratios.map((each) => each[name] ?? null)), 3)] as const);
  if (!json) console.table(Object.fromEntries(medians));
  console.log(JSON.stringify({ rounds, ratioToOther: Object.fromEntries(medians) }));
}

function figuresOf({ lowLoad, saturation }: SessionResult): Figures {
  const paced = Object.entries(lowLoad).flatMap(([rate, phase]) => [
    [`cpuPerMessage at ${rate}/s`, phase.cpuUsPerMessage] as const,
    [`p50 at ${rate}/s`, phase.p50Ms] as const,
    [`p99 at ${rate}/s`, phase.p99Ms] as const,
  ]);
  const floods = Object.entries(saturation).flatMap(([hot, phase]) => {
    return [
      [`cpuPerMessage in a flood of ${hot} matches`, phase.cpuUsPerMessage] as const,
      [`rowsWritten in a flood of ${hot} matches`, phase.rowsWritten] as const,
      [`messagesPerS in a flood of ${hot} matches`, phase.messagesPerS] as const,
    ];
  });
  return Object.fromEntries([...paced, ...floods]);
}

function quotients(these: Figures, others: Figures): Figures {
  return Object.fromEntries(
    Object.entries(these).map(([name, value]) => {
      const other = others[name] ?? null;
      return [name, value !== null && other ? value / other : null];
    }),
  );
}
