import { printable } from '../../kernel/printable.js';
import type { RevertAnswer, ShownState } from '../../score-writer/ports/revert-store.js';
import type { CommandOutput } from '../command.js';
import { jsonLine, textTable } from '../printing.js';
import type { RevertRequest } from './revert-arguments.js';

const HEADER = 'match from to result'.split(' ');
const NONE = '-';

/** A line of the answer: status and display score before and after, null when nothing is reverted. */
export interface MatchResult {
  readonly matchId: string;
  readonly result: RevertAnswer['result'] | 'nothing-to-do';
  readonly from: string | null;
  readonly to: string | null;
}

export function toResult(answer: RevertAnswer): MatchResult {
  const { matchId, result } = answer;
  const told = 'from' in answer ? answer : null;
  return { matchId, result, from: told && wordsOf(told.from), to: told && wordsOf(told.to) };
}

function wordsOf({ status, home, away }: ShownState): string {
  return `${status} ${home}-${away}`;
}

/** What was done, match by match, and how often. @returns the exit code */
export function printResults(
  results: readonly MatchResult[],
  pinned: readonly string[],
  { dryRun, json }: RevertRequest,
  { stdout, stderr }: CommandOutput,
): number {
  const counts: Record<string, number> = {};
  for (const { result } of results) counts[result] = (counts[result] ?? 0) + 1;
  if (json) stdout(jsonLine({ dryRun, matches: results, counts, pinned }));
  else if (results.length > 0) {
    stdout(textTable(HEADER, results.map(rowOf)));
    for (const [result, matches] of Object.entries(counts)) stdout(`${result}: ${matches} matches`);
    if (pinned.length > 0) {
      const words = dryRun ? 'would be pinned' : 'pinned';
      stdout(`${words} to the legacy path: ${pinned.length} matches; livescore pin MATCH --remove gives one back`);
    }
  }
  if (results.length === 0 && !json) stderr('The direct path wrote nothing of that.');
  const done = (counts.reverted ?? 0) + (counts['would-revert'] ?? 0);
  return done > 0 && done === results.length ? 0 : 1;
}

function rowOf({ matchId, result, from, to }: MatchResult): readonly string[] {
  return [printable(matchId), from ?? NONE, to ?? NONE, result];
}
