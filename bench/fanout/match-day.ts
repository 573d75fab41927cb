import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchView, type StoredMatch } from '../../examples/host/match-view.js';
import { packageRoot } from '../../examples/host/package-root.js';
import { toBoardRow } from '../../src/broadcast/adapters/pg/board-row.js';
import { toldOf } from '../../src/broadcast/board/told-of.js';
import { changeFrame, detailsFrame } from '../../src/broadcast/ports/match-frame-of.js';
import type { MatchDetails } from '../../src/broadcast/ports/match-frames.js';
import { positionText } from '../../src/broadcast/ports/position.js';
import type { Committed } from '../../src/contracts/committed-changes.js';
import { STANDARD_TIMES } from '../../src/contracts/match-times.js';
import type { MatchState } from '../../src/domain/match-state.js';
import type { Incident } from '../../src/domain/match-update.js';
import { displayScore } from '../../src/domain/score.js';
import { matchFrames } from '../../src/replay/feed/match-frames.js';
import { planMatch } from '../../src/replay/feed/match-plan.js';
import { parseTournament } from '../../src/replay/tournament/read-tournament.js';
import type { PlayedMatch } from '../../src/replay/tournament/tournament.js';
import { type Happened, PlayedOut } from './played-out.js';

/** Four matches, the busiest kind of day of this tournament. */
const DATE = '2022-11-23';
const SEED = 1;
const HALF_S = 3_600;
const OVERTIME_S = 6_600;
const HEARTBEAT_S = 15;
/** the PING frame as text, its header, and a ping of the protocol */
const HEARTBEAT_BYTES = frameBytes(JSON.stringify({ type: 'PING', timestamp: 1_768_666_815_000 })) + 2;
/** What Express answers before the body, and before nothing. */
const OK_HEAD = headBytes('200 OK', ['Content-Type: application/json; charset=utf-8', 'Content-Length: 2200']);
const NOT_MODIFIED_HEAD = headBytes('304 Not Modified', []);
const POLLS_S = [10, 30] as const;

interface Fixture {
  readonly time: string;
  readonly date: string;
}

/** Bytes that a server sends to one client on that day, from the first kick-off to the last whistle. */
export interface MatchDay {
  readonly date: string;
  readonly matches: number;
  readonly hours: number;
  readonly v2: Sent;
  readonly legacy: Sent;
  /** legacy clients that tick by themselves, `?clock=1` */
  readonly ticking: Sent;
  /** the list of the day's matches as JSON, whole each time, or with an ETag: headers alone while nothing changed */
  readonly polling: Readonly<Record<string, { readonly whole: number; readonly withETag: number }>>;
}

interface Sent {
  readonly frames: number;
  readonly frameBytes: number;
  readonly heartbeatBytes: number;
  readonly bytes: number;
}

export function measureMatchDay(): MatchDay {
  const matches = playedMatches();
  const happened = matches.flatMap(({ happened }) => happened).sort((a, b) => a.atS - b.atS);
  const [fromS, toS] = [happened[0]?.atS ?? 0, happened.at(-1)?.atS ?? 0];
  const heartbeatBytes = Math.floor((toS - fromS) / HEARTBEAT_S) * HEARTBEAT_BYTES;
  const sent = (frames: readonly string[]): Sent => {
    const bytes = frames.reduce((sum, text) => sum + frameBytes(text), 0);
    return { frames: frames.length, frameBytes: bytes, heartbeatBytes, bytes: bytes + heartbeatBytes };
  };
  const legacy = happened.flatMap(legacyFrames);
  return {
    date: DATE,
    matches: matches.length,
    hours: Number(((toS - fromS) / 3_600).toFixed(1)),
    v2: sent(happened.flatMap((change) => liveFrames(change))),
    legacy: sent(legacy.map(({ text }) => text)),
    ticking: sent(legacy.flatMap(({ type, text }) => (type === 'MINUTE_UPDATE' ? [] : [text]))),
    polling: Object.fromEntries(POLLS_S.map((everyS) => [`${everyS}s`, polled(matches, fromS, toS, everyS)])),
  };
}

interface DayMatch {
  readonly played: PlayedMatch;
  readonly happened: readonly Happened[];
}

function playedMatches(): readonly DayMatch[] {
  const file = join(packageRoot(), 'examples', 'data', 'worldcup-2022.json');
  const { matches } = JSON.parse(readFileSync(file, 'utf8')) as { matches: readonly Fixture[] };
  const fixtures = matches.filter(({ date }) => date === DATE);
  return parseTournament(fixtures).matches.map((played) => {
    const { time } = fixtures[played.index]!;
    const kickoffS = Date.parse(`${DATE}T${time}:00Z`) / 1_000;
    const kickoffs = { firstHalf: kickoffS, secondHalf: kickoffS + HALF_S, overtime: kickoffS + OVERTIME_S };
    const matchId = `l7oqdehg6ko3r${played.index.toString().padStart(2, '0')}`;
    const frames = matchFrames(planMatch(played, SEED), matchId, kickoffs);
    return { played, happened: new PlayedOut(matchId, kickoffS).play(frames) };
  });
}

function legacyFrames({ change, atS }: Happened): readonly { readonly type: string; readonly text: string }[] {
  return told(change, atS).frames.map((frame) => ({ type: frame.type, text: JSON.stringify(frame) }));
}

/** Changes, and the list of cards or of substitutions that grew. Minutes are the client's own affair. */
function liveFrames({ change, atS, incidents }: Happened): readonly string[] {
  const { matchId, version } = told(change, atS);
  if (version) return [JSON.stringify(changeFrame(version, positionText(version.previous), {}, atS * 1_000))];
  if (change.kind !== 'incidents') return [];
  const details = detailsOf(matchId, incidents);
  const grown = change.fresh.some(({ type }) => type === 9) ? 'substitutions' : 'cards';
  if (!change.fresh.some(({ type }) => [3, 4, 9, 15].includes(type))) return [];
  return [JSON.stringify(detailsFrame(matchId, { [grown]: details[grown] }, atS * 1_000))];
}

function told(change: Committed, atS: number) {
  return toldOf(change, { nowMs: atS * 1_000, times: STANDARD_TIMES });
}

function detailsOf(matchId: string, incidents: readonly Incident[]): MatchDetails {
  return toBoardRow({ external_id: matchId, incidents, home_scores: null, away_scores: null }).details;
}

function polled(matches: readonly DayMatch[], fromS: number, toS: number, everyS: number) {
  let [whole, withETag, last] = [0, 0, ''];
  for (let atS = fromS; atS <= toS; atS += everyS) {
    const list = JSON.stringify(matches.map((match) => viewOf(match, atS)));
    const answer = OK_HEAD + Buffer.byteLength(list);
    whole += answer;
    withETag += list === last ? NOT_MODIFIED_HEAD : answer;
    last = list;
  }
  return { whole, withETag };
}

function viewOf({ played, happened }: DayMatch, atS: number) {
  const state = happened.findLast((one) => one.atS <= atS)?.state ?? happened[0]!.state;
  return matchView(storedMatch(played, state), atS * 1_000, null, STANDARD_TIMES);
}

function storedMatch({ home, away }: PlayedMatch, state: MatchState): StoredMatch {
  const logo = 'https://img.example.org/football/team/0123456789abcdef.png';
  return {
    externalId: state.matchId,
    status: state.status,
    homeTeam: home,
    awayTeam: away,
    homeLogo: logo,
    awayLogo: logo,
    homeScore: displayScore(state.home),
    awayScore: displayScore(state.away),
    minute: state.minute,
    source: 'mqtt',
    version: state.version,
    firstHalfS: state.kickoffs.firstHalfS,
    secondHalfS: state.kickoffs.secondHalfS,
    overtimeS: state.kickoffs.overtimeS,
    fallbackKickoffS: null,
  };
}

/** A text frame of a server, with its header. */
function frameBytes(text: string): number {
  const length = Buffer.byteLength(text);
  return length + (length < 126 ? 2 : length < 65_536 ? 4 : 10);
}

function headBytes(status: string, more: readonly string[]): number {
  const lines = [
    `HTTP/1.1 ${status}`,
    'X-Powered-By: Express',
    ...more,
    'ETag: W/"8a5-Zt1Yq3eKq0b6gO8m3yq8oO9n1bE"',
    'Date: Wed, 23 Nov 2022 10:00:00 GMT',
    'Connection: keep-alive',
    'Keep-Alive: timeout=5',
  ];
  return lines.reduce((sum, line) => sum + line.length + 2, 2);
}
