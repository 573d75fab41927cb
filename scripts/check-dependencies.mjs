// Applies .dependency-cruiser.cjs (the tool calls an empty graph a success; here it is a failure), and looks for what it
// cannot see: blackboards (what the features say to each other is abstract, and state is owned by the feature that writes
// it), and specs in `src` that do I/O (they stand under `test`).

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import ts from 'typescript';

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

const CONTRACTS = join('src', 'contracts');
/** Streams carry what was said and keep nothing; a module is wiring. */
const NOT_ABSTRACT = [
  'CommittedChanges',
  'ContractsModule',
  'MatchLookups',
  'ProviderChanges',
  'SettledPredictions',
  'ToldChanges',
];
/** Blackboards of old: features share their state through them. None may be added. */
const KNOWN_BLACKBOARDS = ['WriteFence'];

function concreteClassesOf(path) {
  const { statements } = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  return statements
    .filter(ts.isClassDeclaration)
    .filter((node) => !node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword))
    .map(({ name }) => name?.text ?? 'default');
}

const concrete = readdirSync(CONTRACTS)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .flatMap((file) => concreteClassesOf(join(CONTRACTS, file)))
  .filter((name) => !NOT_ABSTRACT.includes(name));
const added = concrete.filter((name) => !KNOWN_BLACKBOARDS.includes(name));
const gone = KNOWN_BLACKBOARDS.filter((name) => !concrete.includes(name));
for (const name of added) console.error(`blackboard: ${name} in ${CONTRACTS} keeps state: make it an abstract port`);
for (const name of gone)
  console.error(`no blackboard any more: take ${name} off the list in scripts/check-dependencies.mjs`);
if (added.length + gone.length > 0) process.exitCode = 1;

/** Packages and helpers that open a socket or start a process. Their types may be named anywhere. */
const DOES_IO =
  /^(pg|mqtt|ws|typeorm|aedes|supertest|playwright-core|node:(net|tls|http|https|dgram|child_process))$|\/test\/support\/(broker|browser|database|example-host|pg-[a-z-]+|pgbouncer|run-cli|tcp-gate|ws-[a-z]+)\.js$/;
/** They need a server to hang their listeners on: it never listens. */
const MAY_NAME_A_SERVER = ['broadcast.gateway.spec.ts', 'upgrade-tap.spec.ts'];

function importsWithValues(path) {
  const { statements } = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  return statements
    .filter((node) => ts.isImportDeclaration(node) && node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword)
    .map(({ moduleSpecifier }) => moduleSpecifier.text);
}

const specs = readdirSync('src', { recursive: true })
  .filter((file) => file.endsWith('.spec.ts') && !MAY_NAME_A_SERVER.includes(basename(file)))
  .map((file) => join('src', file));
for (const spec of specs) {
  for (const imported of importsWithValues(spec).filter((name) => DOES_IO.test(name))) {
    console.error(`io-in-src: ${spec} imports ${imported}: a spec with I/O stands under test`);
    process.exitCode = 1;
  }
}
