import { createHash } from 'node:crypto';
import type { MatchView } from '../../ports/match-frames.js';

const TAG_LENGTH = 8;

/**
 * A match tag names one content of a match: `<epoch>.<version>-<digest>`, an ETag without its quotes. The position alone is not
 * enough: clock, cards, substitutions and predictions change without a version. The digest comes from the content, so that
 * every instance that shows the same gives the same tag. Source and receipt belong to the version and are left out: an
 * instance that does not know them shows another text, and nothing else.
 */
export function matchTag(view: MatchView): string {
  const { position, scores, kickoffs, clock, cards, substitutions, predictions } = view;
  // field by field: the order of keys is no content
  const content = [
    [view.statusId, view.homeScore, view.awayScore, scores.home, scores.away],
    [kickoffs.firstHalf, kickoffs.secondHalf, kickoffs.overtime],
    [clock.period, clock.startedAt, clock.baseSeconds, clock.normalSeconds],
    [clock.addedAnnouncedMinutes, clock.running, clock.estimated],
    [view.competitionId, cards, substitutions, predictions],
  ];
  return `${position}-${digestOf(JSON.stringify(content)).slice(0, TAG_LENGTH)}`;
}

/** SHA-256 in letters, digits, `-` and `_`. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
