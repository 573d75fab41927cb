import { element } from './dom.js';
import { sentence } from './painting.js';

/** Title, the fact that is big, the lines under it, and what must be there for it. */
type Tile = readonly [title: string, big: string, lines: readonly string[], needs?: string];

const TILES: readonly Tile[] = [
  [
    'Feed',
    '{health.feed.state}',
    [
      'connected {health.feed.connected flag}, since {health.feed.since time}',
      'message {health.feed.seconds_since_message s} ago, {health.feed.messages_60s count} in 60 s',
      'recovery {health.feed.recovery.state}, {health.feed.reconnects count} reconnects',
    ],
    'health.feed',
  ],
  [
    'Who takes the feed',
    '{stored.live.value.lease.holder}',
    [
      'term {stored.live.value.lease.fence count}',
      'this process {health.lease.held flag}, confirmed {health.lease.confirmed flag}',
    ],
  ],
  [
    'Database answers',
    '{database.ok flag}',
    [
      'since {database.sinceMs time}, error {database.error}',
      'connections {pool.active count} of {pool.total count}, {pool.waiting count} wait',
    ],
  ],
  [
    'Live matches',
    '{stored.live.value.count count}',
    [
      '{stored.live.value.changesLastMinute count} changes in the last minute',
      'without feed {health.feed.no_feed count}, disputed {health.disputed count}, still {health.stale count}',
    ],
  ],
  [
    'Receipt to screens, p95',
    '{latency.receiveToScreen.p95 ms}',
    [
      'p50 {latency.receiveToScreen.p50 ms}, p99 {latency.receiveToScreen.p99 ms}, of {latency.receiveToScreen.count count}',
      'to commit {latency.receiveToCommit.p95 ms}, then {latency.commitToScreen.p95 ms}',
    ],
  ],
  [
    'Updates',
    '{totals.updates count}',
    [
      '{totals.messages count} messages, {totals.commits count} commits',
      '{totals.rejected count} rejected, {totals.errors count} errors, {accounting.unaccounted count} unaccounted',
    ],
  ],
  [
    'Clients',
    '{health.clients count}',
    [
      '{webSocket.totalConnections count} since the start, {totals.frames count} frames',
      'refused {health.sockets.refused count}, cut off {health.sockets.cut_off count}',
    ],
    'webSocket',
  ],
  [
    'Rollout here',
    '{health.rollout.stage}',
    [
      '{health.rollout.percent percent}, at most {health.rollout.max_stage}',
      'kill switch {health.rollout.kill_switch flag}',
    ],
    'health.rollout',
  ],
  [
    "Provider's REST API",
    '{health.provider.enabled flag}',
    [
      'last good answer {health.provider.last_success time}',
      'failure {health.provider.last_error.code}, paused until {health.provider.paused_until time}',
    ],
    'health.provider',
  ],
  [
    'Process',
    '{process.cpuPercent percent}',
    [
      'loop p99 {process.loopP99Ms ms}, {process.rssMb mb}, heap {process.heapUsedMb mb}',
      'pid {service.pid plain}, commit {service.commit}',
    ],
  ],
];

/** Puts the tiles into the page; their texts come with the first painting. */
export function addTiles(place: HTMLElement): void {
  for (const [title, big, lines, needs = null] of TILES) {
    const small = lines.map((line) => element('small', {}, ...sentence(line)));
    const strong = element('strong', {}, ...sentence(big));
    place.append(element('div', { class: 'tile', 'data-needs': needs }, element('h3', {}, title), strong, ...small));
  }
}
