import type { BenchReport } from './report.js';

/** The report for people; the JSON line follows it. */
export function printTables({
  lowLoad,
  saturation,
  burst20,
  qos1,
  generator,
  legacy,
  independence,
  targets,
  invalid,
}: BenchReport): void {
  for (const [rate, phase] of Object.entries(lowLoad)) printPhase(`${rate} messages per second`, phase);
  printPhase('20 matches in one message', burst20);
  for (const [hot, { details, ...phase }] of Object.entries(saturation)) {
    console.log(`\nsaturation on ${hot} matches, messages per second:`, phase);
    console.table(details);
  }
  console.log('\nQoS 1:');
  console.dir(qos1, { depth: 3 });
  console.log('\nwithout a broker, QoS 1, messages per second:', generator);
  for (const [rate, { ours, rawBatched, legacy: theirs, ...ratios }] of Object.entries(legacy)) {
    console.log(`\nbeside the legacy path, ${rate} goals per second in 191 matches:`, ratios);
    console.table({ legacy: theirs, rawBatched, ours });
  }
  console.log('\nthe direct path, 500 goals per second, half of the matches on a legacy path that is:');
  console.table(independence);
  console.log('\ntargets');
  console.table(targets);
  if (invalid.length > 0) console.log('INVALID:', invalid);
}

function printPhase(title: string, phase: object): void {
  const entries = Object.entries(phase);
  const isSubject = (value: unknown): boolean => typeof value === 'object' && value !== null && 'messages' in value;
  console.log(`\n${title}:`, Object.fromEntries(entries.filter(([, value]) => !isSubject(value))));
  console.table(Object.fromEntries(entries.filter(([, value]) => isSubject(value))));
}
