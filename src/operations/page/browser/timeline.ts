import type { TimelineEntry } from '../../facts.js';
import { stateText, written } from './format.js';
import type { PlotData } from './plot.js';

/** The lanes of the axis, from below. */
export const LANES = ['frame', 'letter', 'foreign', 'version', 'announced', 'verdict', 'word'] as const;

/** What a lane is called on the page. */
export const LANE_NAMES = ['frames', 'dead letters', 'foreign', 'versions', 'announced', 'verdicts', 'words'] as const;

/** All entries on one axis: each series has its lane, and nothing where another one has a point. */
export function timelineData(entries: readonly TimelineEntry[]): PlotData {
  const sorted = [...entries].sort((one, other) => one.atMs - other.atMs);
  const lanes = LANES.map((lane, height) => sorted.map((entry) => (entry.lane === lane ? height : null)));
  return [sorted.map(({ atMs }) => atMs / 1_000), ...lanes];
}

/** What an entry says, in one line; every foreign part is still to be made harmless. */
export function entryText(entry: TimelineEntry): string {
  switch (entry.lane) {
    case 'frame':
      return `${entry.source} ${entry.delivery}: ${entry.score ?? 'no score'}${ofStatus(entry.status)} → ${entry.outcome}, ${entry.reason}${versions(entry.version, entry.became)}`;
    case 'version': {
      const { epoch, version, source, before, after, by, reason, isCatchUp, receivedAtMs, atMs } = entry;
      const from = before ? `${stateText(before)} → ` : '';
      const took = receivedAtMs === null ? '' : `, ${written(atMs - receivedAtMs, 'ms')} after receipt`;
      return `${epoch}.${version} from ${source}: ${from}${stateText(after)}${took}${isCatchUp ? ', catch-up' : ''}${told(by, reason)}`;
    }
    case 'announced':
      return `${entry.kind} ${entry.text}${entry.version === null ? '' : ` of version ${entry.version}`}`;
    case 'verdict':
      return `${entry.market}: ${entry.verdict} (${entry.result}), certainty ${entry.certainty}, ${entry.reason}, ${entry.score ?? 'no score'}, revision ${entry.revision}${entry.isShadow ? ' in shadow' : ''}, prediction ${entry.predictionId}`;
    case 'foreign':
      return `version ${entry.version} by somebody else: ${entry.result} (${entry.mode})`;
    case 'letter':
      return `letter ${entry.id}: ${entry.reason}${entry.detail === null ? '' : `, ${entry.detail}`}`;
    case 'word':
      return `${entry.says}${told(entry.by, entry.reason)}`;
  }
}

function ofStatus(status: number | null): string {
  return status === null ? '' : ` in status ${status}`;
}

function versions(version: number | null, became: number | undefined): string {
  const judged = version === null ? ', no row' : `, against version ${version}`;
  return became === undefined ? judged : `${judged}, became ${became}`;
}

function told(by: string | null, reason: string | null): string {
  return `${by === null ? '' : `, by ${by}`}${reason === null ? '' : `: ${reason}`}`;
}
