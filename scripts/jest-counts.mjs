// Prints "passed failed" of a jest JSON report. A suite that could not run, a missing report, an empty run
// and a non-zero exit without a failed test count as one failure each.
import { existsSync, readFileSync } from 'node:fs';

const [path, status] = process.argv.slice(2);
const report = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
const passed = report?.numPassedTests ?? 0;
const failed = (report?.numFailedTests ?? 0) + (report?.numRuntimeErrorTestSuites ?? 0);
const unexplained = failed === 0 && (status !== '0' || passed === 0);
console.log(`${passed} ${failed + Number(unexplained)}`);
