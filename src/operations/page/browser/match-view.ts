import type { LiveMatch, MatchAnswer, OperationsFacts, SearchAnswer, TimelineEntry } from '../../facts.js';
import { button, byId, element, foreign, setText } from './dom.js';
import type { Table } from './export.js';
import { timeText, written } from './format.js';
import { ask } from './host.js';
import { Plot } from './plot.js';
import { failureText } from './request-failure.js';
import { pinForm } from './rollout.js';
import { actionButton, type Desk, offer, type Part } from './section.js';
import { settlementForm } from './settlement.js';
import { shown } from './text.js';
import { entryText, LANE_NAMES, LANES, timelineData } from './timeline.js';

const AGAIN_MS = 1_000;
const COLOURS = ['a', 'b', 'd', 'c'] as const;

/** One match: what is known of it, why, and everything that happened to it on one axis. */
export class MatchView implements Part {
  readonly #about = element('div');
  readonly #chart = element('div', { hidden: '' });
  readonly #list = element('div');
  #plot: Plot | null = null;
  #matchId: string | null = null;
  #timeline: readonly TimelineEntry[] = [];
  #actions: readonly string[] = [];
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly desk: Desk) {
    byId('match-body').append(this.#about, this.#chart, this.#list);
    byId<HTMLFormElement>('find').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#search(byId<HTMLInputElement>('find-text').value.trim());
    });
  }

  take({ actions }: OperationsFacts): void {
    this.#actions = actions;
  }

  open(matchId: string): void {
    byId<HTMLInputElement>('find-text').value = matchId;
    byId('match').scrollIntoView();
    void this.#load(matchId);
  }

  /** Reads the match again after its change; several of one second are one. */
  changed(matchId: string): void {
    if (matchId !== this.#matchId) return;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => void this.#load(matchId), AGAIN_MS);
  }

  async #search(text: string): Promise<void> {
    try {
      const { matches } = await ask<SearchAnswer>(`search?text=${encodeURIComponent(text)}`);
      const [only] = matches;
      const isOne = matches.length < 2 || matches.some(({ matchId }) => matchId === text);
      if (isOne) await this.#load(only && matches.length === 1 ? only.matchId : text);
      else this.#choose(matches);
    } catch (error) {
      this.#fail(error);
    }
  }

  #choose(matches: readonly LiveMatch[]): void {
    clearTimeout(this.#again);
    this.#matchId = null;
    this.#clear();
    const items = matches.map(({ matchId, home, away, score }) => {
      const open = button('Why', () => this.open(matchId), { class: 'small' });
      const names = [
        foreign(home ?? '–'),
        ' ',
        score.map((goals) => goals ?? '–').join(':'),
        ' ',
        foreign(away ?? '–'),
      ];
      return element('li', {}, open, ' ', ...names, ' ', foreign(matchId));
    });
    this.#about.replaceChildren(element('ul', {}, ...items));
  }

  async #load(matchId: string): Promise<void> {
    this.#matchId = matchId;
    try {
      const answer = await ask<MatchAnswer>(`match/${encodeURIComponent(matchId)}`);
      if (this.#matchId === matchId) this.#show(answer);
    } catch (error) {
      if (this.#matchId === matchId) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#clear();
    this.#about.replaceChildren(element('p', { class: 'error' }, failureText(error)));
  }

  #clear(): void {
    this.#chart.hidden = true;
    this.#list.replaceChildren();
  }

  #show(answer: MatchAnswer): void {
    const { matchId, timeline } = answer;
    this.#timeline = timeline;
    this.#about.replaceChildren(
      ...aboutOf(answer),
      element(
        'div',
        { class: 'actions' },
        actionButton(this.desk, 'Pin', () => pinForm(matchId)),
        actionButton(this.desk, 'Settle again', () => settlementForm(matchId)),
        actionButton(this.desk, 'Try its letters again', () => redriveOf(matchId)),
        actionButton(this.desk, 'End the match', () => endForm(matchId)),
      ),
    );
    offer(this.#actions);
    this.#chart.hidden = timeline.length === 0;
    this.#drawn().show(timelineData(timeline));
    this.#list.replaceChildren(entriesTable(timeline));
  }

  #drawn(): Plot {
    this.#plot ??= new Plot(this.#chart, {
      name: 'match',
      title: 'Everything that happened to it',
      lanes: LANE_NAMES,
      series: LANES.map((_, lane) => ({
        label: LANE_NAMES[lane] ?? '',
        colour: COLOURS[lane % COLOURS.length] ?? 'a',
        unit: 'count',
        isPoints: true,
      })),
      table: () => tableOfEntries(this.#timeline),
    });
    return this.#plot;
  }
}

function aboutOf({ matchId, row, pin, error, explanation }: MatchAnswer): readonly Node[] {
  const { feed, disputed, format, stale } = explanation;
  const title = element(
    'h3',
    {},
    foreign(row?.home ?? matchId),
    ' ',
    row ? row.score.map((goals) => goals ?? '–').join(':') : '–',
    ' ',
    foreign(row?.away ?? ''),
  );
  const problem =
    error === null
      ? []
      : [
          element(
            'p',
            { class: 'error' },
            'The database could not be read (',
            foreign(error),
            '): only what this process remembers.',
          ),
        ];
  const absent = row || error !== null ? [] : [element('p', { class: 'none' }, 'There is no row of this match.')];
  const lines = named([
    ['Match', foreign(matchId)],
    [
      'Status',
      written(row?.status, 'plain'),
      ', minute ',
      written(row?.minute, 'plain'),
      ', version ',
      row ? `${row.epoch ?? '–'}.${row.version}` : '–',
    ],
    [
      'Score from',
      foreign(row?.source ?? '–'),
      ', changed ',
      written(row?.changedS, 's'),
      ' ago, told by the feed ',
      written(row?.seenS, 's'),
      ' ago',
    ],
    ['Kick-off', written(row?.kickoffAtMs, 'time')],
    ['Feed', foreign(feed ?? 'not known'), ', disputed ', written(disputed, 'flag')],
    ['Format', foreign(format?.is ?? '–'), format?.in_doubt ? ', in doubt' : ''],
    ['Stands still', foreign(stale ?? 'no')],
    ['Pin', foreign(pin ? `${pin.route}, by ${pin.by}: ${pin.reason ?? 'no reason'}` : 'none')],
  ]);
  return [title, ...problem, ...absent, lines];
}

/** Names, each with what is known. */
function named(lines: readonly (readonly [title: string, ...parts: (Node | string)[]])[]): HTMLElement {
  const parts = lines.flatMap(([title, ...known]) => [element('dt', {}, title), element('dd', {}, ...known)]);
  return element('dl', {}, ...parts);
}

function entriesTable(timeline: readonly TimelineEntry[]): HTMLElement {
  if (timeline.length === 0) return element('p', { class: 'none' }, 'Nothing is known to have happened to it.');
  const lines = [...timeline].reverse().map((entry) => {
    const text = element('bdi');
    setText(text, shown(entryText(entry)));
    return element('tr', {}, ...[timeText(entry.atMs), entry.lane, text].map((cell) => element('td', {}, cell)));
  });
  const heads = ['At', 'What', ''].map((title) => element('th', { scope: 'col' }, title));
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...heads)), element('tbody', {}, ...lines));
  return element('div', { class: 'scroll', tabindex: '0' }, table);
}

function tableOfEntries(timeline: readonly TimelineEntry[]): Table {
  const lines = timeline.map((entry) => [new Date(entry.atMs).toISOString(), entry.lane, entryText(entry)]);
  return { heads: ['time', 'what', 'text'], lines };
}

function endForm(matchId: string) {
  return { action: 'end-match', title: 'End the match', fields: [], fixed: { matchId } } as const;
}

function redriveOf(matchId: string) {
  return { action: 'redrive', title: 'Try the letters of the match again', fields: [], fixed: { matchId } } as const;
}
