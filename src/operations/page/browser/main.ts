import type { OperationsFacts } from '../../facts.js';
import { ActionDialog } from './action-dialog.js';
import { Charts } from './charts.js';
import { byId, element, setText } from './dom.js';
import { Goals } from './goals.js';
import { merged } from './history.js';
import { askFacts } from './host.js';
import { Letters } from './letters.js';
import { LiveMatches } from './live-matches.js';
import { MatchView } from './match-view.js';
import { Others } from './others.js';
import { paint } from './painting.js';
import { type Answer, Poll } from './poll.js';
import { Rollout } from './rollout.js';
import { type Desk, offer, type Part } from './section.js';
import { Settlement } from './settlement.js';
import { Sync } from './sync.js';
import { shown } from './text.js';
import { addTiles } from './tiles.js';
import { verdictOf } from './verdict.js';

/** Everything on the page; `start.js` loads it when the first text is on the screen. */
function start(): void {
  const dialog = new ActionDialog();
  const desk: Desk = { dialog, explain: (matchId) => match.open(matchId) };
  addTiles(byId('state'));
  const match = new MatchView(desk);
  const live = new LiveMatches(desk);
  live.onChange((matchId) => match.changed(matchId));
  // the plots of the rollout stand in its section
  const rollout = new Rollout(desk);
  const parts: readonly Part[] = [
    match,
    live,
    rollout,
    new Charts(),
    new Goals(desk),
    new Letters(desk),
    new Sync(desk),
    new Settlement(desk),
    new Others(),
  ];
  let known: OperationsFacts | null = null;
  const show = (facts: OperationsFacts) => {
    known = facts;
    dialog.know(facts);
    for (const part of parts) part.take(facts);
    paint(facts);
    offer(facts.actions);
    document.body.dataset.now = facts.now;
    document.title = `${shown(facts.service.name)}: operations`;
  };
  const poll = new Poll<OperationsFacts>({
    // from here on facts are whole
    ask: async (signal) => merged(known, await askFacts(known?.nowMs ?? null, signal)),
    tell: (answer) => {
      if (answer.kind === 'facts') show(answer.facts);
      sayOnTop(answer);
    },
    nowMs: () => Date.now(),
    isVisible: () => !document.hidden,
  });
  document.addEventListener('visibilitychange', () => poll.wake());
  poll.wake();
}

function sayOnTop(answer: Answer<OperationsFacts>): void {
  const { level, text, others } = verdictOf(answer);
  byId('band').dataset.level = level;
  setText(byId('verdict'), text);
  const list = byId('troubles');
  list.hidden = others.length === 0;
  if (others.join('\n') !== list.dataset.said) {
    list.replaceChildren(...others.map((other) => element('li', {}, element('bdi', {}, other))));
    list.dataset.said = others.join('\n');
  }
  byId('sign-in').hidden = answer.kind !== 'refused';
}

start();
