// Applies .dependency-cruiser.cjs. The tool calls an empty graph a success; here it is a failure.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const { options, ...ruleSet } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const folders = ['src', 'migrations', 'examples', 'bench', 'tools', 'test'].filter((folder) => existsSync(folder));
const FEWEST_MODULES = 20;

const { output } = await cruise(folders, { ...options, ruleSet, validate: true, outputType: 'json' }, undefined, {
  tsConfig: extractTsConfig(options.tsConfig.fileName),
});
const { summary } = JSON.parse(output);
for (const { rule, from, to, cycle } of summary.violations) {
  console.error(`${rule.name}: ${from} -> ${cycle ? cycle.map(({ name }) => name).join(' -> ') : to}`);
}
console.log(
  `${summary.totalCruised} modules, ${summary.totalDependenciesCruised} dependencies, ${summary.error} violations`,
);
if (summary.totalCruised < FEWEST_MODULES) {
  console.error(`expected at least ${FEWEST_MODULES} modules: the check saw too little to mean anything`);
  process.exitCode = 1;
}
if (summary.error > 0) process.exitCode = 1;
