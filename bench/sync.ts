import { measureSync } from './sync-report.js';

const report = await measureSync(process.argv.includes('--quick'));
console.log(JSON.stringify(report));
if (report.invalid.length > 0) process.exitCode = 1;
