import type { FactsSince, OperationsFacts } from '../../facts.js';

/** Bounds of the histories, as the host keeps them. */
const MOST_POINTS = 720;
const MOST_GOALS = 500;
const MOST_FEED_CHANGES = 100;

/** The facts with whole histories: what was known before, and what is new since. */
export function merged(before: OperationsFacts | null, next: OperationsFacts | FactsSince): OperationsFacts {
  if (next.isWhole) return next;
  if (!before) throw new Error('The host answered a question that was not asked');
  return {
    ...next,
    isWhole: true,
    stored: { ...before.stored, ...next.stored },
    series: mergedSeries(before.series, next.series),
    goals: [...before.goals, ...next.goals].slice(-MOST_GOALS),
    feedHistory: [...before.feedHistory, ...next.feedHistory].slice(-MOST_FEED_CHANGES),
  };
}

function mergedSeries(before: OperationsFacts['series'], next: OperationsFacts['series']): OperationsFacts['series'] {
  const columns = Object.entries(next).map(([name, values]) => {
    const known: unknown = before[name as keyof typeof before];
    return [name, Array.isArray(values) && Array.isArray(known) ? [...known, ...values].slice(-MOST_POINTS) : values];
  });
  return Object.fromEntries(columns);
}
