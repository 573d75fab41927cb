import type { Environment } from './environment.js';
import { type Measured, measuredIn, type Round } from './measured.js';
import type { SessionResult } from './session.js';
import { type Target, targetsOf } from './targets.js';

export interface BenchReport extends Measured {
  readonly targets: readonly Target[];
  readonly invalid: readonly string[];
  readonly rounds: number;
  readonly environment: unknown;
}

export function makeReport(allRounds: readonly Round[], environment: Environment): BenchReport {
  const measured = measuredIn(allRounds);
  return {
    ...measured,
    targets: targetsOf(measured),
    invalid: allRounds.flatMap((round, i) =>
      [...round].flatMap(([series, sessions]) =>
        [...sessions.values()].flatMap((session) => faultsOf(session, `round ${i + 1}, ${series}`)),
      ),
    ),
    rounds: allRounds.length,
    environment: {
      broker: environment.broker.kind,
      brokerForQos1: environment.windowBroker.kind,
      database: environment.database.kind,
      ...environment.machine,
    },
  };
}

/** What the legacy path loses is a result, no fault of the run. */
function faultsOf({ subject, wrongRows, lowLoad, burst, saturation }: SessionResult, where: string): string[] {
  if (subject === 'legacy') return [];
  const missing = [...Object.values(lowLoad), burst].reduce((sum, phase) => sum + (phase?.missing ?? 0), 0);
  return [
    ...(wrongRows > 0 ? [`${wrongRows} wrong final rows`] : []),
    ...(missing > 0 ? [`${missing} scores never on screen`] : []),
    ...Object.entries(saturation)
      .filter(([, phase]) => phase.messagesPerS === null)
      .map(([hot, phase]) => `flood ${hot}: ${phase.wrongRows} wrong rows, ${phase.refused} refused`),
  ].map((fault) => `${where}, ${subject}: ${fault}`);
}
