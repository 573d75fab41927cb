import type { CommandOutput } from '../command.js';
import { printable, textTable } from '../printing.js';
import type { RevertRequest } from './revert-arguments.js';
import type { MatchResult } from './revert-matches.js';

const HEADER = 'match from to result'.split(' ');
const NONE = '-';

/** What was done, match by match, and how often. @returns the exit code */
export function printResults(
  results: readonly MatchResult[],
  pinned: readonly string[],
  { dryRun, json }: RevertRequest,
  { stdout, stderr }: CommandOutput,
): number {
  const counts: Record<string, number> = {};
  for (const { result } of results) counts[result] = (counts[result] ?? 0) + 1;
  if (json) stdout(JSON.stringify({ dryRun, matches: results, counts, pinned }));
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
