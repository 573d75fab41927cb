import type { Found, OtherResult, SettlementFacts, VerdictCount } from '../../settlement/ports/settlement-desk.js';
import { line, textTable, timeText } from '../printing.js';

/** The report for people, block by block. */
export function reportText(since: Date, facts: SettlementFacts): string {
  const { mode, verdicts, others, shadow } = facts;
  const blocks = [
    line('mode', mode ?? 'none is set: the options of each host hold'),
    `Matches that were settled since ${timeText(since.getTime())}, or wait`,
    verdicts.length === 0 ? line('predictions', 'none is settled') : verdictsTable(verdicts),
    countLines(facts).join('\n'),
    unknownTable(facts.unknownTexts),
    resultsTable('result of another', others),
    resultsTable('different in shadow', shadow),
    behindTable(facts.behind),
    facts.heldBack.shown.map(({ matchId }) => line('held back', matchId)).join('\n'),
    movedTable(facts.moved),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function countLines(facts: SettlementFacts): readonly string[] {
  const { awaiting, shadow, unknownTexts } = facts;
  const deadline = awaiting.nextDeadline && `, the next deadline is ${timeText(awaiting.nextDeadline.getTime())}`;
  return [
    line('reversed', String(facts.reversed)),
    line('awaiting', `${awaiting.predictions}${deadline ?? ''}`),
    line('unknown texts', String(unknownTexts.count)),
    line('results of others', String(facts.others.count)),
    line('shadow', `${shadow.count} different, of ${shadow.compared} compared`),
    line('matches behind', String(facts.behind.count)),
    line('changes held back', `in ${facts.heldBack.count} matches`),
    line('moved', `${facts.moved.count} matches under another id`),
  ];
}

function verdictsTable(verdicts: readonly VerdictCount[]): string {
  const rows = verdicts.map(({ verdict, certainty, predictions }) => [verdict, String(certainty), String(predictions)]);
  return textTable(['verdict', 'certainty', 'predictions'], rows);
}

function unknownTable({ shown }: SettlementFacts['unknownTexts']): string {
  return tableOf(
    ['unknown text', 'threshold', 'predictions'],
    shown.map(({ text, threshold, predictions }) => [text, threshold ?? '-', String(predictions)]),
  );
}

function resultsTable(heading: string, { shown }: Found<OtherResult>): string {
  return tableOf(
    [heading, 'match', 'theirs', 'ours'],
    shown.map(({ predictionId, matchId, theirs, ours }) => [predictionId, matchId, theirs, ours ?? '-']),
  );
}

function behindTable({ shown }: SettlementFacts['behind']): string {
  return tableOf(
    ['match behind', 'settled', 'journal', 'committed at'],
    shown.map((match) => [match.matchId, match.settled ?? '-', match.journal, timeText(match.committedAt.getTime())]),
  );
}

function movedTable({ shown }: SettlementFacts['moved']): string {
  return tableOf(
    ['moved', 'to', 'match time', 'pending predictions'],
    shown.map(({ matchId, newMatchId, matchTime, predictions }) => [
      matchId,
      newMatchId,
      timeText(matchTime.getTime()),
      String(predictions),
    ]),
  );
}

function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : textTable(headings, rows);
}
