import { line, textTable, timeText } from '../printing.js';
import type { ExplainedPrediction, ExplainedRevision } from './explain.js';

/** A prediction, its revisions, and what the replay says, for people. */
export function explanationText(explained: ExplainedPrediction): string {
  const { revisions, replayed } = explained;
  const blocks = [
    predictionLines(explained).join('\n'),
    revisions.length === 0 ? line('revisions', 'none') : revisionsTable(revisions),
    [...wordLines(replayed), line('replayed', replayedText(replayed))].join('\n'),
  ];
  return blocks.join('\n\n');
}

function predictionLines(explained: ExplainedPrediction): readonly string[] {
  const { text, threshold, market, matchId, teams, result, resultReason, finalScore } = explained;
  return [
    line('prediction', explained.predictionId),
    line('by', explained.bot),
    line('text', threshold === null ? text : `${text} (threshold ${threshold})`),
    line('market', market ?? 'not known'),
    line('match', `${matchId ?? 'none'}, ${teams}`),
    line('result', [result, resultReason, finalScore].filter((part) => part !== null).join(', ')),
  ];
}

const HEADINGS = ['revision', 'decided at', 'verdict', 'certainty', 'reason', 'cause', 'basis', 'score', 'version'];

function revisionsTable(revisions: readonly ExplainedRevision[]): string {
  const rows = revisions.map((one) => [
    `${one.revision}${one.isShadow ? ' in shadow' : ''}`,
    timeText(one.decidedAt.getTime()),
    one.deadline ? `${one.verdict} until ${timeText(one.deadline.getTime())}` : one.verdict,
    String(one.certainty),
    one.reason,
    one.cause,
    one.basis ?? '-',
    one.score ?? '-',
    one.version,
  ]);
  return textTable(HEADINGS, rows);
}

function wordLines(replayed: ExplainedPrediction['replayed']): readonly string[] {
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

function replayedText(replayed: ExplainedPrediction['replayed']): string {
  if (typeof replayed === 'string') return NOT_REPLAYED[replayed];
  const { isSame, isBehind, versions } = replayed;
  const { verdict, certainty, reason, basis } = replayed.verdict;
  const of = `${versions} versions: ${verdict} ${certainty}, ${reason}, ${basis ?? '-'}`;
  const behind = isBehind ? '; the host has not looked at all of them yet' : '';
  return `${isSame ? 'the same' : 'differs'}, of ${of}${behind}`;
}
