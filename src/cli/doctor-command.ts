import { readArguments } from './arguments.js';
import { UsageError } from './cli.errors.js';
import type { Command, CommandOutput } from './command.js';
import { brokerCheck } from './doctor/broker-check.js';
import { busCheck } from './doctor/bus-check.js';
import { databaseChecks } from './doctor/database-checks.js';
import { environmentChecks } from './doctor/environment-checks.js';
import type { CheckReport, Finding } from './doctor/finding.js';
import { LentConnections } from './doctor/lent-connections.js';
import { runChecks } from './doctor/run-checks.js';
import { jsonLine, textTable } from './printing.js';

const DOCTOR_HELP = `livescore doctor [options]

Looks for whatever keeps a host from working, and lists all of it at once, each with a code and what to do: Node.js, addresses,
the database (version, read-only, schema, tables, columns and their types, rights, row security, migrations, triggers, pooler,
clock, two processes of one name), the broker (reach, user, TLS, granted topic and QoS), Redis, the provider's credentials, and
the variables of rollout and features. Run it with the environment of the host. It takes about five seconds and writes nothing;
at the broker it subscribes for a moment under a client id of its own.

  --json        print the answer as JSON

It reads DATABASE_URL, MQTT_URL, MQTT_USERNAME, MQTT_PASSWORD, MQTT_TOPIC, MQTT_QOS, REDIS_BUS_URL, THESPORTS_API_USER,
THESPORTS_API_SECRET, LIVESCORE_KILL_SWITCH, LIVESCORE_MAX_STAGE, LIVESCORE_MINUTE, LIVESCORE_SETTLEMENT and LIVESCORE_SYNC. No
value that may hold a secret is printed.

Examples:
  livescore doctor
  livescore doctor --json

Exit code: 0 no fault (warnings and notes are none), 1 at least one fault, 2 it could not be done.`;

const OPTIONS = { json: { type: 'boolean' } } as const;

/** `livescore doctor`. */
export const doctorCommand: Command = {
  help: DOCTOR_HELP,
  run: async (argv, env, output) => {
    const { values, positionals } = readArguments('doctor', argv, OPTIONS);
    if (positionals.length > 0) throw new UsageError('it takes options only', 'doctor');
    const connections = new LentConnections(env.DATABASE_URL);
    output.progress?.('looking at database, broker, Redis and environment for about five seconds');
    try {
      const checks = [
        ...environmentChecks(env, process.version),
        ...databaseChecks(env, connections),
        brokerCheck(env),
        busCheck(env),
      ];
      const reports = await runChecks(checks);
      output.progress?.(null);
      show(reports, values.json === true, output);
      return reports.some(({ findings }) => findings.some(({ weight }) => weight === 'fault')) ? 1 : 0;
    } finally {
      await connections.close();
    }
  },
};

const HEAVIEST_FIRST = ['fault', 'warning', 'note'] as const;

function show(reports: readonly CheckReport[], json: boolean, { stdout }: CommandOutput): void {
  const all = reports.flatMap(({ name, findings }) => findings.map((finding) => ({ check: name, ...finding })));
  const findings = HEAVIEST_FIRST.flatMap((weight) => all.filter((finding) => finding.weight === weight));
  const skipped = reports.flatMap(({ name, skipped: why }) => (why === null ? [] : [{ check: name, why }]));
  const well = reports.flatMap(({ name, seen }) => (seen === null ? [] : [{ check: name, seen }]));
  if (json) {
    stdout(
      jsonLine({ faults: count(findings, 'fault'), warnings: count(findings, 'warning'), findings, skipped, well }),
    );
    return;
  }
  const looked = [
    ...well.map(({ check, seen }) => ['ok', check, seen]),
    ...skipped.map(({ check, why }) => ['--', check, `not looked at: ${why}`]),
  ];
  stdout(textTable(['', 'check', 'seen'], looked));
  if (findings.length > 0) stdout(textTable(['', 'code', 'what', 'to do'], findings.map(cells)));
  stdout(
    `${count(findings, 'fault')} faults, ${count(findings, 'warning')} warnings, ${count(findings, 'note')} notes`,
  );
}

function cells({ weight, code, what, todo }: Finding): readonly string[] {
  return [weight === 'fault' ? 'FAULT' : weight, code, what, todo];
}

function count(findings: readonly Finding[], weight: Finding['weight']): number {
  return findings.filter((finding) => finding.weight === weight).length;
}
