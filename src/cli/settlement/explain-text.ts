import { line, textTable, timeText } from '../printing.js';
import type { ExplainedPrediction, ExplainedRevision } from './explain.js';
import { replayedText, wordLines } from './replayed-text.js';

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
