import { measureSettlement } from './settlement-report.js';

const report = await measureSettlement(process.argv.includes('--quick'));
console.log(JSON.stringify(report));
if (report.invalid.length > 0) process.exitCode = 1;
