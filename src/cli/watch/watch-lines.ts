import { statusWords } from '../../domain/status-words.js';
import { printable } from '../../kernel/printable.js';
import { textTable } from '../printing.js';
import type { HostView } from './host-view.js';
import type { DatabaseView, WatchedMatch, WatchView } from './watch-view.js';

/** How much a screen shows. */
export interface ScreenSize {
  readonly rows: number;
  readonly columns: number;
}

const HEADINGS = ['match', 'status', 'score', 'min', 'version', 'by', 'changed', 'feed'];

/** One look as lines that fit: none is longer than a row, none is below the last. */
export function watchLines({ at, host, database }: WatchView, { rows, columns }: ScreenSize): readonly string[] {
  const head = [
    `livescore  ${at.slice(11, 19)}Z`,
    ...hostLines(host),
    ...('unknown' in database ? [`database   ${database.unknown}`] : databaseLines(database)),
  ];
  const lines = 'unknown' in database ? head : [...head, '', ...matchLines(database, rows - head.length - 1)];
  return lines.slice(0, rows).map((line) => printable(line).slice(0, columns));
}

function hostLines(host: WatchView['host']): readonly string[] {
  if ('unknown' in host) return [`host       ${host.unknown}`];
  const { url, uptimeS, clients, stage, holdsLease, pool, unaccounted } = host;
  const facts = [
    url,
    uptimeS === null ? null : `up ${ageText(uptimeS)}`,
    holdsLease === null ? null : holdsLease ? 'takes the feed' : 'stands by',
    stage === null ? null : `stage ${stage}`,
    clients === null ? null : `${clients} clients`,
    pool && `pool ${pool.active}/${pool.total}${pool.waiting > 0 ? `, ${pool.waiting} wait` : ''}`,
    unaccounted ? `UNACCOUNTED ${unaccounted}` : null,
  ];
  return [`host       ${facts.filter((fact) => fact !== null).join(', ')}`, feedLine(host)];
}

function feedLine({ feed, silentS, messagesLastMinute, noFeed, receivedPerS, appliedPerS, p50Ms, p95Ms }: HostView) {
  const facts = [
    feed ?? 'unknown',
    silentS === null ? null : `last message ${ageText(silentS)} ago`,
    messagesLastMinute === null ? null : `${messagesLastMinute} messages/min`,
    receivedPerS === null ? null : `${receivedPerS} updates/s, ${appliedPerS ?? 0} applied/s`,
    noFeed ? `${noFeed} live without feed` : null,
    p50Ms === null ? null : `received to broadcast p50 ${ms(p50Ms)}, p95 ${ms(p95Ms)}`,
  ];
  return `feed       ${facts.filter((fact) => fact !== null).join(', ')}`;
}

function databaseLines({ live, changesLastMinute, p50Ms, p95Ms, lease, stage }: DatabaseView): readonly string[] {
  const set = `${stage.stage}${stage.stage === 'canary' ? ` ${stage.percent} %` : ''}${stage.latched ? ', LATCHED' : ''}`;
  const latency = p50Ms === null ? '' : `, received to written p50 ${ms(p50Ms)}, p95 ${ms(p95Ms)}`;
  return [
    `database   ${live} live, ${changesLastMinute} changes/min${latency}`,
    `lease      ${lease ? `${lease.holder}, fence ${lease.fence}` : 'NOBODY takes the feed'}; stage set: ${set}`,
  ];
}

function matchLines({ live, matches }: DatabaseView, room: number): readonly string[] {
  if (live === 0) return ['no match is being played'];
  const all = live <= room - 1 && matches.length === live;
  const shown = matches.slice(0, Math.max(0, all ? room - 1 : room - 2));
  const lines = textTable(HEADINGS, shown.map(cellsOf)).split('\n');
  return all ? lines : [...lines, `… and ${live - shown.length} more`];
}

function cellsOf({ id, status, home, away, minute, epoch, version, source, changedS, seenS }: WatchedMatch): string[] {
  return [
    id,
    statusWords(status),
    `${home ?? '-'}-${away ?? '-'}`,
    minute === null ? '-' : `${minute}'`,
    `${epoch ?? 0}.${version}`,
    source ?? '-',
    changedS === null ? '-' : ageText(changedS),
    seenS === null ? '-' : ageText(seenS),
  ];
}

const ms = (value: number | null): string => (value === null ? '-' : `${value.toFixed(value < 10 ? 1 : 0)} ms`);

function ageText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  return whole < 7_200 ? `${Math.floor(whole / 60)} min` : `${Math.floor(whole / 3_600)} h`;
}
