// The live board. Scores, statuses, clocks and predictions come by the package's own client, which resumes by itself and
// never shows an older score; names, logos and the freshness of the feed come over HTTP, and all of a match that the client
// does not hold. Minutes are no traffic: each match has a clock, and the page ticks by itself.
const { createLiveClient, minuteOf, minuteText } = await import(new URL('live-client.js', location.href).href);

const LIVE = new Set([2, 3, 4, 5, 7]);
const PHASES = {
  0: 'Abnormal',
  1: 'Not started',
  2: 'First half',
  3: 'Half-time',
  4: 'Second half',
  5: 'Extra time',
  6: 'Extra time',
  7: 'Shoot-out',
  8: 'Full time',
  9: 'Delayed',
  10: 'Interrupted',
  11: 'Abandoned',
  12: 'Cancelled',
  13: 'To be determined',
};
const POLL_WHILE_DISCONNECTED_MS = 60_000;
const READ_FRESHNESS_MS = 30_000;
const READ_FEED_MS = 2_000;
const TICK_MS = 250;
const HIGHLIGHT_MS = 4_000;
const LATENCIES_KEPT = 500;
const PREDICTIONS_SHOWN = 8;
const MOST_PREDICTIONS = 5_000;
const LONGEST_LOGO = 500;
const LOGO = /^(?:https:\/\/|data:image\/)/;

const address = new URL('ws', location.href);
address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
const live = createLiveClient({ url: address.href, select: { all: true } });

const board = document.getElementById('matches');
const template = document.getElementById('match');
const matches = new Map();
const predictions = new Map();
/** matches whose predictions changed since they were shown */
const changed = new Set();
const latencies = [];
let goalsSeen = 0;
let reconnects = 0;
let connected = false;
let feedState = 'unknown';
let clock = null;

// --- state ----------------------------------------------------------------------------------------------------------

/** What the client holds is the newest: nothing that comes over HTTP stands beside it. */
function takeViews() {
  const arrivedAtMs = performance.timeOrigin + performance.now();
  for (const view of live.matches()) if (matches.get(view.matchId)?.view !== view) takeView(view, arrivedAtMs);
}

function takeView(view, arrivedAtMs) {
  const known = matches.get(view.matchId);
  const match = known ?? newMatch(view.matchId);
  const { position, clock, statusId, homeScore, awayScore, source } = view;
  const isNews = live.state === 'live' && position !== match.view?.position;
  Object.assign(match, { view, clock, statusId, homeScore, awayScore, source });
  if (isNews) {
    if (source === 'mqtt') match.feed = null;
    noteLatency(match, view.receivedAt, arrivedAtMs);
  }
  for (const prediction of view.predictions) takePrediction(view.matchId, prediction);
  show(match);
  // those of the first snapshot come with the lists
  if (!known && live.state === 'live') fetchNames(view.matchId);
}

/** A result, or `pending` where it was taken back. */
function takePrediction(matchId, { predictionId, prediction, result, finalScore = null }) {
  const known = predictions.get(predictionId);
  if (known?.result === result && known.finalScore === finalScore) return;
  if (!known && (predictions.size >= MOST_PREDICTIONS || result === 'pending')) return;
  predictions.delete(predictionId);
  predictions.set(predictionId, { matchId, prediction, result, finalScore });
  changed.add(matchId);
  headerSoon();
}

/** The time of the host, which may run faster than ours. */
function hostNowMs() {
  const nowMs = performance.timeOrigin + performance.now();
  return clock ? clock.nowMs + (nowMs + clock.offsetMs - clock.systemMs) * clock.rate : nowMs;
}

/** Where a clock shows no minute, the one that was shown stays. */
function tick(match) {
  if (!match.clock) return;
  match.minute = minuteOf(match.clock, hostNowMs()) ?? match.minute;
  match.minuteText = minuteText(match.statusId, match.clock, match.minute);
}

function takeRow(row) {
  const match = matches.get(row.externalId) ?? newMatch(row.externalId);
  const { homeTeam, awayTeam, homeLogo, awayLogo, feed } = row;
  Object.assign(match, { homeTeam, awayTeam, homeLogo, awayLogo, feed });
  if (!match.view && !(row.version < match.version)) {
    const { homeScore, awayScore, status: statusId, minute, minute_text, version, source } = row;
    Object.assign(match, { homeScore, awayScore, statusId, minute, minuteText: minute_text, version, source });
    match.clock = row.clock ?? null;
  }
  show(match);
}

function newMatch(matchId) {
  const match = { matchId, card: newCard(matchId), latencyMs: null, view: null, minute: null, version: 0 };
  matches.set(matchId, match);
  return match;
}

live.subscribeTo(null, takeViews);
live.on('goal', ({ match: { matchId }, goal }) => {
  goalsSeen += 1;
  showGoal(matches.get(matchId), goal);
});
live.on('score', ({ match: { matchId }, events }) => {
  if (events.some(({ type }) => type === 'goal-cancelled'))
    highlight(matches.get(matchId), 'cancelled', 'Goal cancelled');
});
live.on('connection', ({ state }) => {
  const isOpen = state === 'live' || state === 'resuming';
  if (connected && !isOpen) reconnects += 1;
  if (connected === isOpen) return;
  connected = isOpen;
  showHeader();
  fetchBoard();
  if (isOpen) readClock();
});

// --- REST -----------------------------------------------------------------------------------------------------------

/** The answer's rows, or nothing: after a failed answer the board keeps what it has. */
async function fetchRows(path) {
  try {
    const answer = await fetch(path);
    return answer.ok ? [await answer.json()].flat() : [];
  } catch {
    return [];
  }
}

async function fetchBoard() {
  const lists = await Promise.all([fetchRows('api/matches/live'), fetchRows('api/matches/finished')]);
  for (const row of lists.flat()) takeRow(row);
  for (const { matchId, homeTeam } of matches.values()) if (homeTeam === undefined) fetchNames(matchId);
  for (const row of await fetchRows('api/predictions')) if (!live.match(row.matchId)) takePrediction(row.matchId, row);
}

/** The client knows no names. */
async function fetchNames(matchId) {
  for (const row of await fetchRows(`api/matches/${encodeURIComponent(matchId)}`)) takeRow(row);
}

/** The feed is the host's connection to the provider; how we hear of it says nothing about it. */
async function readFeed() {
  const [health] = await fetchRows('health');
  feedState = health ? (health.feed?.state ?? 'none') : 'unknown';
  showHeader();
}

setInterval(() => {
  if (!connected) fetchBoard();
}, POLL_WHILE_DISCONNECTED_MS);
setInterval(readFeed, READ_FEED_MS);
setInterval(() => {
  for (const match of matches.values()) if (match.clock?.running) show(match);
}, TICK_MS);
// no frame tells that there are none
setInterval(async () => {
  if (connected) for (const row of await fetchRows('api/matches/live')) takeRow(row);
}, READ_FRESHNESS_MS);

// --- latency --------------------------------------------------------------------------------------------------------

/**
 * Frames carry the application's clock. It may run faster than real time (the demo does), and the server's system
 * clock may differ from ours: a difference smaller than the round trip counts as none.
 */
async function readClock() {
  const askedAtMs = performance.timeOrigin + performance.now();
  const [answer] = await fetchRows('api/clock');
  if (!answer) return;
  const answeredAtMs = performance.timeOrigin + performance.now();
  const offsetMs = answer.systemMs - (askedAtMs + answeredAtMs) / 2;
  clock = { ...answer, offsetMs: Math.abs(offsetMs) <= answeredAtMs - askedAtMs ? 0 : offsetMs };
}

function noteLatency(match, receivedAt, arrivedAtMs) {
  if (!clock) return;
  const receivedAtMs = clock.systemMs + (receivedAt - clock.nowMs) / clock.rate - clock.offsetMs;
  match.latencyMs = Math.max(0, arrivedAtMs - receivedAtMs);
  latencies.push(match.latencyMs);
  if (latencies.length > LATENCIES_KEPT) latencies.shift();
  headerSoon();
}

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function milliseconds(value) {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

// --- view -----------------------------------------------------------------------------------------------------------

function newCard(matchId) {
  const card = template.content.firstElementChild.cloneNode(true);
  card.dataset.matchId = matchId;
  board.append(card);
  return card;
}

function show(match) {
  tick(match);
  const { card } = match;
  const isLive = LIVE.has(match.statusId);
  card.dataset.live = String(isLive);
  card.dataset.status = String(match.statusId);
  card.dataset.feed = isLive ? (match.feed ?? '') : '';
  card.style.order = String(isLive ? 0 : 1);
  setText(card, '.minute', match.minuteText ?? '—');
  const added = isLive ? (match.clock?.addedAnnouncedMinutes ?? null) : null;
  setText(card, '.added', added === null ? '' : `+${added}`);
  setText(card, '.phase', PHASES[match.statusId] ?? '');
  setText(card, '.home .name', match.homeTeam ?? 'Home');
  setText(card, '.away .name', match.awayTeam ?? 'Away');
  setLogo(card, '.home .logo', match.homeLogo);
  setLogo(card, '.away .logo', match.awayLogo);
  setText(card, '.home .score', match.homeScore ?? 0);
  setText(card, '.away .score', match.awayScore ?? 0);
  setText(card, '.source', match.source ?? '');
  setText(card, '.bottom .latency', match.latencyMs === null ? '' : `${milliseconds(match.latencyMs)} ms`);
  headerSoon();
}

const RESULTS = { won: 'won', lost: 'lost', cancelled: 'void', pending: 'open again' };

/** The newest of the match, the newest first. */
function showPredictions({ matchId, card }) {
  const own = [...predictions.values()].filter((prediction) => prediction.matchId === matchId);
  const shown = own.slice(-PREDICTIONS_SHOWN).reverse();
  card.querySelector('.predictions').replaceChildren(
    ...shown.map(({ prediction, result, finalScore }) => {
      const item = document.createElement('li');
      item.dataset.result = result;
      item.textContent = `${prediction} ${RESULTS[result] ?? result}${finalScore ? ` ${finalScore}` : ''}`;
      return item;
    }),
  );
}

function showGoal(match, { side, playerName }) {
  for (const team of match.card.querySelectorAll('.team')) {
    team.classList.toggle('scored', team.classList.contains(side));
  }
  highlight(match, 'goal', playerName ? `Goal: ${playerName}` : 'Goal');
}

function highlight(match, kind, note) {
  const { card } = match;
  clearTimeout(match.highlightTimer);
  card.classList.remove('goal', 'cancelled');
  void card.offsetWidth; // restarts a running animation
  card.classList.add(kind);
  setText(card, '.note', note);
  match.highlightTimer = setTimeout(() => {
    card.classList.remove(kind);
    setText(card, '.note', '');
  }, HIGHLIGHT_MS);
}

function setText(card, selector, value) {
  const element = card.querySelector(selector);
  const text = String(value);
  if (element.textContent !== text) element.textContent = text;
}

/** An address that is no image, or that the page's policy forbids, leaves the name alone. */
function setLogo(card, selector, address) {
  const image = card.querySelector(selector);
  const source = typeof address === 'string' && address.length <= LONGEST_LOGO && LOGO.test(address) ? address : '';
  if (image.dataset.source === source) return;
  image.dataset.source = source;
  image.hidden = true;
  image.onload = () => {
    image.hidden = false;
  };
  if (source === '') image.removeAttribute('src');
  else image.src = source;
}

let headerTimer = null;
function headerSoon() {
  if (headerTimer !== null) return;
  headerTimer = setTimeout(() => {
    headerTimer = null;
    showHeader();
  }, 100);
}

function showHeader() {
  for (const matchId of changed) if (matches.has(matchId)) showPredictions(matches.get(matchId));
  changed.clear();
  showState('feed', feedState);
  showState('connection', connected ? 'connected' : 'disconnected');
  document.getElementById('reconnects').textContent = String(reconnects);
  document.getElementById('goal-count').textContent = String(goalsSeen);
  const live = [...matches.values()].filter((match) => LIVE.has(match.statusId)).length;
  document.getElementById('live-count').textContent = String(live);
  const settled = [...predictions.values()].filter(({ result }) => result !== 'pending').length;
  document.getElementById('settled-count').textContent = String(settled);
  document.getElementById('empty').hidden = matches.size > 0;
  if (latencies.length === 0) return;
  const sorted = latencies.toSorted((a, b) => a - b);
  const [p50, p95] = [percentile(sorted, 0.5), percentile(sorted, 0.95)];
  document.getElementById('latency').textContent = `${milliseconds(p50)} / ${milliseconds(p95)} ms`;
}

function showState(id, state) {
  const element = document.getElementById(id);
  element.dataset.state = state;
  element.textContent = state;
}

fetchBoard();
live.start();
readFeed();
