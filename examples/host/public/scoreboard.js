// The live board: the platform's client rules for /ws, plus cards for matches it does not know yet. Minutes are no traffic:
// each match has a clock, and the page ticks by the package's own formula.

/** Served by the host out of the package; without it the page shows the minutes that it is told. */
const formula = await import(new URL('formula/match-minute.js', location.href).href).catch(() => null);

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
const SHOWN_TYPES = new Set(['GOAL', 'SCORE_CHANGE', 'MATCH_STATE_CHANGE', 'MINUTE_UPDATE']);
const CLIENT_PING_MS = 25_000;
const RECONNECT_MS = 5_000;
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
const PREDICTION_TYPES = new Set(['PREDICTION_SETTLED', 'PREDICTION_UPDATED']);

const board = document.getElementById('matches');
const template = document.getElementById('match');
const matches = new Map();
const predictions = new Map();
/** matches whose predictions changed since they were shown */
const changed = new Set();
const fetching = new Map();
const latencies = [];
let goalsSeen = 0;
let reconnects = 0;
let socket = null;
let connected = false;
let feedState = 'unknown';
let clock = null;

// --- state: what the client rules say -------------------------------------------------------------------------------

/** A frame counts through `optimistic` alone (a minute also through its plain fields); unknown matches are fetched. */
function takeFrame(frame, arrivedAtMs) {
  takeClock(frame);
  if (PREDICTION_TYPES.has(frame.type)) return takePrediction(frame);
  if (frame.type === 'GOAL_CANCELLED') return highlight(frame, 'cancelled', 'Goal cancelled');
  if (!SHOWN_TYPES.has(frame.type)) return;
  const optimistic = frame.optimistic ?? (frame.type === 'MINUTE_UPDATE' ? pick(frame, ['minute', 'statusId']) : null);
  if (!optimistic) return;
  if (frame.type === 'GOAL') goalsSeen += 1;
  const match = matches.get(frame.matchId);
  if (!match) return fetchUnknown(frame.matchId);

  if (optimistic.homeScore > match.homeScore) match.scoredBy = 'home';
  if (optimistic.awayScore > match.awayScore) match.scoredBy = 'away';
  for (const field of ['homeScore', 'awayScore', 'minute', 'minuteText', 'statusId']) {
    if (optimistic[field] !== undefined) match[field] = optimistic[field];
  }
  if (frame.version !== undefined) match.version = frame.version;
  if (frame.source !== undefined) match.source = frame.source;
  if (frame.source === 'mqtt') match.feed = null;
  noteLatency(match, frame, arrivedAtMs);
  show(match);
  if (frame.type === 'GOAL') showGoal(match, frame);
}

/** Every revision has the whole verdict: a result, or `pending` where it was taken back. An older one changes nothing. */
function takePrediction({ predictionId, matchId, prediction, result, finalScore = null, revision = 0 }) {
  const known = predictions.get(predictionId);
  if (known && revision < known.revision) return;
  if (!known && (predictions.size >= MOST_PREDICTIONS || result === 'pending')) return;
  predictions.delete(predictionId);
  predictions.set(predictionId, { matchId, prediction, result, finalScore, revision });
  changed.add(matchId);
  headerSoon();
}

/** A clock says all minutes to come; announced added time may come without one. */
function takeClock(frame) {
  const match = matches.get(frame.matchId);
  if (!match) return;
  if (frame.clock) match.clock = frame.clock;
  if (frame.type === 'CLOCK_CHANGE' || frame.type === 'ADDED_TIME') show(match);
}

/** The time of the host, which may run faster than ours. */
function hostNowMs() {
  const nowMs = performance.timeOrigin + performance.now();
  return clock ? clock.nowMs + (nowMs + clock.offsetMs - clock.systemMs) * clock.rate : nowMs;
}

function tick(match) {
  if (!formula || !match.clock || !LIVE.has(match.statusId)) return;
  match.minute = formula.minuteAt(match.clock, Math.floor(hostNowMs() / 1000)) ?? match.minute;
  match.minuteText = formula.clockText(match.statusId, match.clock, match.minute);
}

/** REST never overrides what the socket said of a live match, unless its committed version is newer. */
function takeRow(row) {
  const known = matches.get(row.externalId);
  if (known && LIVE.has(known.statusId) && !(row.version > known.version)) {
    known.homeTeam = row.homeTeam;
    known.awayTeam = row.awayTeam;
    known.homeLogo = row.homeLogo;
    known.awayLogo = row.awayLogo;
    known.feed = row.feed;
    known.clock ??= row.clock ?? null;
    return show(known);
  }
  const match = known ?? { matchId: row.externalId, card: newCard(row.externalId), latencyMs: null };
  Object.assign(match, {
    homeTeam: row.homeTeam,
    awayTeam: row.awayTeam,
    homeLogo: row.homeLogo,
    awayLogo: row.awayLogo,
    homeScore: row.homeScore,
    awayScore: row.awayScore,
    statusId: row.status,
    minute: row.minute,
    minuteText: row.minute_text,
    version: row.version,
    source: row.source,
    feed: row.feed,
    clock: row.clock ?? null,
  });
  matches.set(row.externalId, match);
  show(match);
}

function pick(from, names) {
  return Object.fromEntries(names.map((name) => [name, from[name]]));
}

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
  for (const row of await fetchRows('api/predictions')) takePrediction(row);
}

/** Frames that arrive meanwhile find no card: the row is read again after them. */
async function fetchUnknown(matchId) {
  const isFetching = fetching.has(matchId);
  fetching.set(matchId, (fetching.get(matchId) ?? 0) + 1);
  if (isFetching) return;
  for (let seen = 0; seen !== fetching.get(matchId); ) {
    seen = fetching.get(matchId);
    const rows = await fetchRows(`api/matches/${encodeURIComponent(matchId)}`);
    if (seen === fetching.get(matchId)) rows.forEach(takeRow);
  }
  fetching.delete(matchId);
}

/** The feed is the host's connection to the provider; how we hear of it says nothing about it. */
async function readFeed() {
  const [health] = await fetchRows('health');
  feedState = health ? (health.feed?.state ?? 'none') : 'unknown';
  showHeader();
}

// --- socket ---------------------------------------------------------------------------------------------------------

function connect() {
  const address = new URL(formula ? 'ws?clock=1' : 'ws', location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  socket = new WebSocket(address);
  socket.addEventListener('open', () => connectionChanged(true));
  socket.addEventListener('message', ({ data }) => {
    const arrivedAtMs = performance.timeOrigin + performance.now();
    const frame = parse(data);
    if (frame) takeFrame(frame, arrivedAtMs);
  });
  socket.addEventListener('close', () => {
    connectionChanged(false);
    reconnects += 1;
    setTimeout(connect, RECONNECT_MS);
  });
}

function parse(text) {
  try {
    const message = JSON.parse(text);
    return message.type ? message : message.data;
  } catch {
    return null;
  }
}

function connectionChanged(isOpen) {
  connected = isOpen;
  showHeader();
  fetchBoard();
  if (isOpen) readClock();
}

setInterval(() => {
  if (connected) socket.send(JSON.stringify({ type: 'PING', timestamp: Date.now() }));
}, CLIENT_PING_MS);
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

function noteLatency(match, frame, arrivedAtMs) {
  if (!clock || !frame.receivedAt) return;
  const receivedAtMs = clock.systemMs + (frame.receivedAt - clock.nowMs) / clock.rate - clock.offsetMs;
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

function showGoal(match, frame) {
  for (const team of match.card.querySelectorAll('.team')) {
    team.classList.toggle('scored', team.classList.contains(match.scoredBy));
  }
  highlight(frame, 'goal', frame.playerName ? `Goal: ${frame.playerName}` : 'Goal');
}

function highlight(frame, kind, note) {
  const match = matches.get(frame.matchId);
  if (!match) return;
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

connect();
readFeed();
