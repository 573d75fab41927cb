/** A metric as the registry gives it. */
interface Reading {
  readonly values: readonly {
    readonly value: number;
    readonly labels: Readonly<Partial<Record<string, string | number>>>;
    readonly metricName?: string;
  }[];
}

/** The sum of a metric over its labels, or over those that count. */
export function sum(
  { values }: Reading,
  counts: (labels: Reading['values'][number]['labels']) => boolean = () => true,
): number {
  return values.reduce((total, { value, labels }) => (counts(labels) ? total + value : total), 0);
}

/** One of the numbers of which a histogram consists; 0 before the first observation. */
export function named({ values }: Reading, name: string): number {
  return values.find(({ metricName }) => metricName === name)?.value ?? 0;
}
