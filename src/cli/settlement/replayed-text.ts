import { line, timeText } from '../printing.js';
import type { ExplainedPrediction } from './explain.js';

/** The words that the replay heard, one line each: what was said, when and by whom. */
export function wordLines(replayed: ExplainedPrediction['replayed']): readonly string[] {
  if (typeof replayed === 'string') return [];
  return replayed.words.map((word) => {
    const { by, reason } = word as { readonly by?: unknown; readonly reason?: unknown };
    const what = word.says === 'format' ? `format ${word.format}` : word.says;
    const who = [by, reason].filter((part) => typeof part === 'string').join(': ');
    return line('said', `${what} at ${timeText(word.atMs)}${who === '' ? '' : ` by ${who}`}`);
  });
}

const NOT_REPLAYED = {
  market: 'not: no verdict is known for this text, or it has no match',
  journal: 'not: versions that the revisions go by are deleted',
} as const;

/** Whether the replay comes to the stored verdict, and of how many versions; or why nothing was replayed. */
export function replayedText(replayed: ExplainedPrediction['replayed']): string {
  if (typeof replayed === 'string') return NOT_REPLAYED[replayed];
  const { isSame, isBehind, versions } = replayed;
  const { verdict, certainty, reason, basis } = replayed.verdict;
  const of = `${versions} versions: ${verdict} ${certainty}, ${reason}, ${basis ?? '-'}`;
  const behind = isBehind ? '; the host has not looked at all of them yet' : '';
  return `${isSame ? 'the same' : 'differs'}, of ${of}${behind}`;
}
