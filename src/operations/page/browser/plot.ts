import uPlot from 'uplot';
import { button, element } from './dom.js';
import { csvText, pictureOf, save, type Table } from './export.js';
import { timeText, written } from './format.js';

/** A line, or the points, of a plot. */
export interface PlotSeries {
  readonly label: string;
  /** a colour of the page: `a` to `d` */
  readonly colour: 'a' | 'b' | 'c' | 'd';
  readonly unit: 'ms' | 'rate' | 'count' | 'percent' | 's';
  readonly isPoints?: boolean;
}

export interface PlotOptions {
  /** also the name of its files */
  readonly name: string;
  readonly title: string;
  readonly series: readonly PlotSeries[];
  /** words for the marks of the upright axis, in place of numbers: 0, 1, 2, … */
  readonly lanes?: readonly string[];
  /** the plot's table, where it is more than its points */
  readonly table?: () => Table;
}

/** Unix seconds, then one list of values for each series. */
export type PlotData = readonly [readonly number[], ...(readonly (number | null)[])[]];

const HEIGHT_PX = 190;
const NARROWEST_PX = 200;

/** A plot draws its series over time, and hands itself out as a picture and as a table. */
export class Plot {
  readonly #place = element('div', { class: 'plot' });
  readonly #plot: uPlot;
  #data: PlotData = [[]];

  constructor(
    parent: HTMLElement,
    private readonly options: PlotOptions,
  ) {
    const { name, title } = options;
    const caption = element(
      'figcaption',
      {},
      element('span', {}, title),
      button('PNG', () => void this.#savePicture(), { class: 'small', 'aria-label': `${title} as PNG` }),
      button('CSV', () => this.#saveTable(), { class: 'small', 'aria-label': `${title} as CSV` }),
    );
    parent.append(element('figure', { id: `plot-${name}` }, caption, this.#place));
    this.#plot = new uPlot(settingsOf(options, this.#widthPx()), emptyData(options), this.#place);
    new ResizeObserver(() => this.#fit()).observe(this.#place);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#plot.redraw());
  }

  show(data: PlotData): void {
    this.#data = data;
    this.#plot.setData(data as uPlot.AlignedData);
  }

  #widthPx(): number {
    return Math.max(NARROWEST_PX, this.#place.clientWidth);
  }

  #fit(): void {
    const width = this.#widthPx();
    if (width !== this.#plot.width) this.#plot.setSize({ width, height: HEIGHT_PX });
  }

  async #savePicture(): Promise<void> {
    const picture = await pictureOf(this.#plot.ctx.canvas, this.options.title);
    if (picture) save(`${this.options.name}.png`, picture);
  }

  #saveTable(): void {
    const table = this.options.table?.() ?? tableOf(this.options, this.#data);
    save(`${this.options.name}.csv`, new Blob([csvText(table)], { type: 'text/csv;charset=utf-8' }));
  }
}

/** One line for each time, in ISO 8601. */
export function tableOf({ series }: Pick<PlotOptions, 'series'>, [times, ...values]: PlotData): Table {
  const heads = ['time', ...series.map(({ label, unit }) => `${label} (${unit})`)];
  const lines = times.map((atS, row) => [
    new Date(atS * 1_000).toISOString(),
    ...values.map((column) => column[row] ?? null),
  ]);
  return { heads, lines };
}

function emptyData({ series }: PlotOptions): uPlot.AlignedData {
  return [[], ...series.map(() => [])];
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
}

/** Seconds only where the marks are that close. */
function clockText(atS: number, stepS: number): string {
  return timeText(atS * 1_000, atS * 1_000).slice(0, stepS < 60 ? 8 : 5);
}

function settingsOf({ series, lanes }: PlotOptions, width: number): uPlot.Options {
  const axis = {
    stroke: () => colour('soft'),
    grid: { stroke: () => colour('line'), width: 1 },
    font: '12px system-ui',
  };
  const unit = series[0]?.unit ?? 'count';
  return {
    width,
    height: HEIGHT_PX,
    cursor: { drag: { x: false, y: false } },
    scales: {
      y: { range: (_plot, _least, most) => (lanes ? [-0.5, lanes.length - 0.5] : [0, Math.max(1, most * 1.1)]) },
    },
    axes: [
      { ...axis, values: (_plot, marks, _axis, _space, stepS) => marks.map((atS) => clockText(atS, stepS)) },
      {
        ...axis,
        size: lanes ? 110 : 76,
        ...(lanes && { splits: () => lanes.map((_, lane) => lane) }),
        values: (_plot, marks) => marks.map((mark) => lanes?.[mark] ?? written(mark, unit)),
      },
    ],
    series: [
      { label: 'time', value: (_plot, atS) => (atS === null ? '–' : clockText(atS, 1)) },
      ...series.map(
        (one): uPlot.Series => ({
          label: one.label,
          stroke: () => colour(one.colour),
          width: 1.5,
          ...(one.isPoints && { paths: () => null, points: { show: true, size: 7, fill: () => colour(one.colour) } }),
          value: (_plot, value) =>
            value === null || value === undefined ? '–' : (lanes?.[value] ?? written(value, one.unit)),
        }),
      ),
    ],
  };
}
