import type { FanoutReport } from './report.js';

/** The report for people; the JSON line follows it. */
export function printTables({ servers = {}, bars, invalid, ...rest }: FanoutReport): void {
  for (const [clients, table] of Object.entries(servers)) {
    console.log(`\n${clients} clients, one frame in a turn:`);
    console.table(
      Object.fromEntries(
        Object.entries(table).map(([name, { five, ...one }]) => [name, { ...one, fiveCpuUs: five.cpuUsPerDelivery }]),
      ),
    );
  }
  for (const [title, value] of Object.entries(rest)) {
    if (value === undefined) continue;
    console.log(`\n${title}:`);
    console.dir(value, { depth: 4 });
  }
  console.log('\nbars:');
  console.table(bars);
  if (invalid.length > 0) console.log('INVALID:', invalid);
}
