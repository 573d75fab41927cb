import type { BenchReport } from './report.js';

/** The report for people; the JSON line follows it. */
export function printTables({ lowLoad, saturation, burst20, targets, invalid }: BenchReport): void {
  for (const [rate, phase] of Object.entries(lowLoad)) printPhase(`${rate} messages per second`, phase);
  printPhase('20 matches in one message', burst20);
  for (const [hot, { details, ...phase }] of Object.entries(saturation)) {
    console.log(`\nsaturation on ${hot} matches, messages per second:`, phase);
    console.table(details);
  }
  console.log('\ntargets');
  console.table(targets);
  if (invalid.length > 0) console.log('INVALID:', invalid);
}

function printPhase(title: string, phase: object): void {
  const entries = Object.entries(phase);
  console.log(`\n${title}:`, Object.fromEntries(entries.filter(([, value]) => typeof value !== 'object')));
  console.table(Object.fromEntries(entries.filter(([, value]) => typeof value === 'object' && value !== null)));
}
