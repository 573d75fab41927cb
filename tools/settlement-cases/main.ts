// Writes the sample of settled predictions anew: node scripts/run-app.mjs tools/settlement-cases/main
import { writeFileSync } from 'node:fs';
import { sampleOfCases } from '../../test/support/settlement-cases.js';

const FILE = 'docs/settlement-cases.jsonl';

const lines = sampleOfCases().map((one) => JSON.stringify(one));
writeFileSync(FILE, `${lines.join('\n')}\n`);
process.stdout.write(`${FILE}: ${lines.length} cases\n`);
