import { FEED_CODES, type OperationsFacts, type SeriesFacts } from '../../facts.js';
import { byId } from './dom.js';
import { Plot, type PlotData, type PlotSeries } from './plot.js';
import type { Part } from './section.js';

type Column = Exclude<keyof SeriesFacts, 'everyS' | 'atMs'>;
type Line = PlotSeries & { readonly column: Column };

/** A plot of some columns of the last hour. */
interface Chart {
  readonly name: string;
  readonly title: string;
  readonly lines: readonly Line[];
  readonly lanes?: readonly string[];
}

const LATENCY: readonly Line[] = [
  { label: 'p50', column: 'p50Ms', colour: 'c', unit: 'ms' },
  { label: 'p95', column: 'p95Ms', colour: 'a', unit: 'ms' },
  { label: 'p99', column: 'p99Ms', colour: 'b', unit: 'ms' },
];

const CHARTS: readonly Chart[] = [
  {
    name: 'rates',
    title: 'Messages, commits, refusals, errors',
    lines: [
      { label: 'messages', column: 'messagesPerS', colour: 'a', unit: 'rate' },
      { label: 'commits', column: 'commitsPerS', colour: 'c', unit: 'rate' },
      { label: 'rejected', column: 'rejectedPerS', colour: 'd', unit: 'rate' },
      { label: 'errors', column: 'errorsPerS', colour: 'b', unit: 'rate' },
    ],
  },
  { name: 'latency', title: 'Receipt to screens', lines: LATENCY },
  {
    name: 'latency-parts',
    title: 'Receipt to commit, commit to screens, p95',
    lines: [
      { label: 'to commit', column: 'commitP95Ms', colour: 'a', unit: 'ms' },
      { label: 'to screens', column: 'screenP95Ms', colour: 'd', unit: 'ms' },
    ],
  },
  {
    name: 'feed',
    title: 'State of the feed',
    lines: [{ label: 'feed', column: 'feed', colour: 'c', unit: 'count' }],
    lanes: Object.keys(FEED_CODES),
  },
  { name: 'clients', title: 'Clients', lines: [{ label: 'clients', column: 'clients', colour: 'a', unit: 'count' }] },
  {
    name: 'loop',
    title: 'Delay of the event loop, p99',
    lines: [{ label: 'delay', column: 'loopP99Ms', colour: 'd', unit: 'ms' }],
  },
];

const ROLLOUT_CHARTS: readonly Chart[] = [
  {
    name: 'consistency',
    title: 'Both paths say the same',
    lines: [{ label: 'the same', column: 'consistencyPercent', colour: 'c', unit: 'percent' }],
  },
  {
    name: 'lead',
    title: 'Lead of the direct path',
    lines: [{ label: 'lead', column: 'leadMs', colour: 'a', unit: 'ms' }],
  },
];

/** The plots of the last hour. They are drawn again only when the hour has a new point. */
export class Charts implements Part {
  readonly #drawn = new Map<Plot, Chart>();
  #newestMs = -1;

  constructor() {
    this.#add(byId('rates-plots'), CHARTS);
    this.#add(byId('rollout-plots'), ROLLOUT_CHARTS);
  }

  take({ series }: OperationsFacts): void {
    const newestMs = series.atMs.at(-1) ?? 0;
    if (newestMs === this.#newestMs) return;
    this.#newestMs = newestMs;
    const times = series.atMs.map((atMs) => atMs / 1_000);
    for (const [plot, { lines }] of this.#drawn) {
      const data: PlotData = [times, ...lines.map(({ column }) => series[column])];
      plot.show(data);
    }
  }

  #add(place: HTMLElement, charts: readonly Chart[]): void {
    for (const chart of charts) {
      const { name, title, lines, lanes } = chart;
      this.#drawn.set(new Plot(place, { name, title, series: lines, ...(lanes && { lanes }) }), chart);
    }
  }
}
