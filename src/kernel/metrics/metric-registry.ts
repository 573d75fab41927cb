import { Counter, Gauge, Histogram, type LabelValues, Registry } from 'prom-client';

const LATENCY_BUCKETS_S = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Different values of one label: what comes after them is counted as `other`. */
const MOST_VALUES = 100;
const OTHER = 'other';

/** What a gauge says when somebody looks; null: nothing. */
export type Reading = () => number | null | Promise<number | null>;

/** Counts what happens with every update in a plain number, which its counter takes over when somebody looks. */
export class Tally {
  private counted = 0;

  constructor(private readonly takeOver: (count: number) => void) {}

  inc(): void {
    this.counted += 1;
  }

  settle(): void {
    if (this.counted === 0) return;
    this.takeOver(this.counted);
    this.counted = 0;
  }
}

/** A registry of its own, apart from that of the host, and what its metrics are made by. */
export class MetricRegistry {
  readonly registry = new Registry();
  private readonly tallies = new Map<Counter, Tally[]>();

  /** A tally of one counter, with these values of its labels. */
  tally(counter: Counter, ...labels: readonly string[]): Tally {
    const tally = new Tally((count) => counter.labels(...labels).inc(count));
    this.tallies.get(counter)?.push(tally);
    return tally;
  }

  /** @param known values of the only label that are there from the start: the first event of each is seen as a rise */
  protected counter(name: string, help: string, labelNames: string[] = [], known: readonly string[] = []): Counter {
    const tallies: Tally[] = [];
    const collect = (): void => {
      for (const tally of tallies) tally.settle();
    };
    const counter = new Counter({ name, help, labelNames, registers: [this.registry], collect });
    this.tallies.set(counter, tallies);
    if (labelNames.length === 0) return counter;
    const [label = ''] = labelNames;
    for (const value of known) counter.inc({ [label]: value }, 0);
    return bounded(counter, labelNames, known);
  }

  protected gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  protected histogram(name: string, help: string, labelNames: string[] = [], buckets = LATENCY_BUCKETS_S): Histogram {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  /** A gauge without labels that is asked whenever somebody looks at the metrics. */
  protected shown(name: string, help: string, read: Reading): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        const value = await read();
        if (value === null) this.remove();
        else this.set(value);
      },
    });
  }

  /** A counter that is asked whenever somebody looks at the metrics. */
  protected shownCount(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  /** A gauge with one label: value of the label → value; what is not named any more is gone. */
  protected shownBy(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [key, value] of Object.entries(read())) this.set({ [label]: key }, value);
      },
    });
  }
}

/**
 * Its labels have a hundred values each at most, whatever a database or a provider says. Counting is on the way of every update:
 * labels whose values are known go on as they are.
 *
 * @param known values of the first label that it has already
 */
function bounded(counter: Counter, labelNames: readonly string[], known: readonly string[]): Counter {
  const seen = new Map(labelNames.map((name, n) => [name, new Set(n === 0 ? known : [])]));
  const isKnown = (labels: LabelValues<string>): boolean => {
    for (const name in labels) if (!seen.get(name)?.has(String(labels[name]))) return false;
    return true;
  };
  const boundedValue = (name: string, value: string | number | undefined): string => {
    const values = seen.get(name);
    const text = String(value);
    if (!values || values.has(text)) return text;
    if (values.size >= MOST_VALUES) return OTHER;
    values.add(text);
    return text;
  };
  const boundedLabels = (labels: LabelValues<string>): LabelValues<string> =>
    Object.fromEntries(Object.entries(labels).map(([name, one]) => [name, boundedValue(name, one)]));
  const inc: (labels: LabelValues<string>, value?: number) => void = counter.inc.bind(counter);
  return Object.assign(counter, {
    inc: (labels: LabelValues<string> | number = {}, value?: number) => {
      if (typeof labels === 'number') inc({}, labels);
      else inc(isKnown(labels) ? labels : boundedLabels(labels), value);
    },
    /** Bounded once: whoever keeps it counts like one without bounds. */
    labels: (...given: readonly (string | LabelValues<string>)[]) => {
      const labels = boundedLabels(labelsOf(labelNames, given));
      return { inc: (value?: number) => inc(labels, value) };
    },
  });
}

/** As `prom-client` takes them: one object, or the values in the order of the names. */
function labelsOf(names: readonly string[], given: readonly (string | LabelValues<string>)[]): LabelValues<string> {
  const [first] = given;
  if (typeof first === 'object') return first;
  return Object.fromEntries(names.map((name, n) => [name, String(given[n])]));
}
