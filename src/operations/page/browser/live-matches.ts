import { createLiveClient, type LiveClient, type MatchView } from '../../../client/index.js';
import type { LiveMatch, OperationsFacts } from '../../facts.js';
import { byId, element, setText } from './dom.js';
import { explainButton } from './explain-button.js';
import { type LiveLine, linesOf } from './live-lines.js';
import type { Desk, Part } from './section.js';
import { shown } from './text.js';

const GOAL_SHOWN_MS = 15_000;
const TICK_MS = 1_000;

/** One line of the list, with the parts that change. */
interface Shown {
  readonly article: HTMLElement;
  readonly minute: HTMLElement;
  readonly home: HTMLElement;
  readonly score: HTMLElement;
  readonly away: HTMLElement;
  goalUntilMs: number;
}

/**
 * The matches that are being played, followed by the package's own client; names, and what no socket tells, come with the
 * facts.
 */
export class LiveMatches implements Part {
  readonly #place = byId('live-list');
  readonly #lines = new Map<string, Shown>();
  readonly #listeners = new Set<(matchId: string) => void>();
  #client: LiveClient | null = null;
  #stored: readonly LiveMatch[] = [];
  #isDue = false;

  constructor(private readonly desk: Desk) {
    this.#place.className = 'matches';
    setInterval(() => this.#draw(), TICK_MS);
  }

  take({ ws, stored }: OperationsFacts): void {
    this.#stored = stored.matches.value ?? [];
    if (ws === null)
      setText(byId('live-state'), 'This process has no endpoint for clients: from the database, each 3 s.');
    else if (!this.#client) this.#client = this.#follow(ws);
  }

  /** Tells each change of a match. */
  onChange(listener: (matchId: string) => void): void {
    this.#listeners.add(listener);
  }

  #follow(address: string): LiveClient {
    const url = new URL(address, location.href);
    if (url.protocol.startsWith('http')) url.protocol = url.protocol.replace('http', 'ws');
    const client = createLiveClient({ url: url.href, select: { all: true } });
    const say = (state: string) => {
      const instead = state === 'live' ? '' : ' Until it is live, scores come from the database, each 3 s.';
      setText(byId('live-state'), `Page's own connection: ${state}.${instead}`);
    };
    client.on('connection', ({ state }) => say(state));
    client.on('error', ({ code }) => say(shown(code)));
    client.on('goal', ({ match }) => this.#goal(match));
    client.on('score', ({ match }) => this.#tell(match));
    client.on('state', ({ match }) => this.#tell(match));
    client.subscribeTo(null, () => this.#drawSoon());
    client.start();
    return client;
  }

  #tell({ matchId }: MatchView): void {
    for (const listener of this.#listeners) listener(matchId);
  }

  #goal({ matchId }: MatchView): void {
    const line = this.#lines.get(matchId);
    if (line) line.goalUntilMs = Date.now() + GOAL_SHOWN_MS;
  }

  /** Many changes of one moment are drawn once. */
  #drawSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  #draw(): void {
    if (document.hidden) return;
    const client = this.#client;
    const lines = linesOf(
      client?.state === 'live' ? client.matches() : [],
      this.#stored,
      (matchId) => client?.minute(matchId).text,
    );
    const wanted = new Set(lines.map(({ matchId }) => matchId));
    for (const [matchId, { article }] of this.#lines) {
      if (wanted.has(matchId)) continue;
      article.remove();
      this.#lines.delete(matchId);
    }
    for (const line of lines) this.#write(line);
    setText(byId('live-count'), `(${lines.length})`);
  }

  #write({ matchId, home, away, score, minute, hint }: LiveLine): void {
    const parts = this.#lines.get(matchId) ?? this.#add(matchId);
    setText(parts.minute, shown(minute));
    setText(parts.home, shown(home));
    setText(parts.score, shown(score));
    setText(parts.away, shown(away));
    parts.article.title = shown(hint);
    parts.article.classList.toggle('goal', parts.goalUntilMs > Date.now());
  }

  #add(matchId: string): Shown {
    const minute = element('bdi', { class: 'minute' });
    const home = element('bdi', { class: 'home' });
    const score = element('bdi', { class: 'score' });
    const away = element('bdi', { class: 'away' });
    const why = explainButton(this.desk, () => matchId);
    const article = element('article', {}, minute, home, score, away, why);
    article.dataset.matchId = matchId;
    const line: Shown = { article, minute, home, score, away, goalUntilMs: 0 };
    this.#lines.set(matchId, line);
    this.#place.append(article);
    return line;
  }
}
