// Writes docs/api from the declarations and comments of the public names, one page for each entry of the package; with --check it
// only fails where a page is not what it would write, or where a public name has no comment with a sentence.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { declarationsOf } from './declarations.mjs';
import { faultOf } from './docstrings.mjs';
import { exportedSymbols, firstSentence, packageEntries, packageProgram } from './public-names.mjs';

const FOLDER = join('docs', 'api');
const BREAK = '\n// ----\n';
const KINDS = [
  [ts.SymbolFlags.Class, 'class'],
  [ts.SymbolFlags.Function, 'function'],
  [ts.SymbolFlags.Variable, 'constant'],
  [ts.SymbolFlags.Interface, 'interface'],
  [ts.SymbolFlags.TypeAlias, 'type'],
];

const entries = packageEntries();
const program = packageProgram(entries.map(({ source }) => source));
const publicSymbols = new Set(
  entries.flatMap(({ source }) => exportedSymbols(program, source).map(({ symbol }) => symbol)),
);
const declarations = declarationsOf(program, publicSymbols);
/** Where each symbol is told: on the first page that has it. */
const pageOf = new Map();
const faults = [];

const anchorOf = (name) => name.toLowerCase();
const kindOf = ({ flags }) => KINDS.find(([flag]) => flags & flag)?.[1] ?? 'type';
const cell = (text) => text.replace(/\s+/g, ' ').replaceAll('|', '\\|');

/** Links of a comment become code; those to a name that has a chapter lead to it. */
function linked(text, page) {
  return text.replace(/\{@link (\S+?)(?: ([^}]*))? ?\}/g, (_all, target, label) => {
    const [, there] = [...pageOf].find(([symbol]) => symbol.name === target) ?? [];
    const shown = `\`${label?.trim() || target}\``;
    if (there === undefined) return shown;
    return `[${shown}](${there === page ? '' : `${there}.md`}#${anchorOf(target)})`;
  });
}

const TAGS = { throws: 'Throws', example: 'Example', see: 'See', default: 'Default', returns: 'Returns' };

function proseOf(symbol, page) {
  const checker = program.getTypeChecker();
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
  const tags = symbol.getJsDocTags(checker).map(({ name, text: parts }) => {
    const said = ts.displayPartsToString(parts).trim();
    if (name === 'param') return `- \`${said.replace(/^(\S+)\s*(?:- )?/, '$1`: ')}`;
    return `- ${TAGS[name] ?? name}: ${said}`;
  });
  return linked([text, tags.join('\n')].filter(Boolean).join('\n\n'), page);
}

/** All declarations of a page in one call of the formatter, apart again by a comment between them. */
function formatted(blocks) {
  const biome = join('node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const args = [biome, 'format', '--stdin-file-path=src/page.d.ts'];
  const output = execFileSync(process.execPath, args, { input: blocks.join(BREAK), encoding: 'utf8' });
  return output.split(BREAK.trim()).map((block) => block.trim().replaceAll(/^declare /gm, ''));
}

function chapters(own, page) {
  const blocks = formatted(own.map(({ name, symbol }) => declarations(name, symbol)));
  return own.map(({ name, symbol }, n) =>
    [`## ${name}`, proseOf(symbol, page), `\`\`\`typescript\n${blocks[n]}\n\`\`\``].join('\n\n'),
  );
}

function pageText({ path, source, page }) {
  const names = exportedSymbols(program, source);
  for (const { symbol } of names) if (!pageOf.has(symbol)) pageOf.set(symbol, page);
  const own = names.filter(({ symbol }) => pageOf.get(symbol) === page);
  faults.push(...own.map(({ name, symbol }) => faultOf(program, name, symbol)).filter(Boolean));
  const rows = names.map(({ name, symbol }) => {
    const there = pageOf.get(symbol);
    const place = there === page ? `#${anchorOf(name)}` : `${there}.md#${anchorOf(symbol.name)}`;
    const said = ts.displayPartsToString(symbol.getDocumentationComment(program.getTypeChecker()));
    return `| [\`${name}\`](${place}) | ${kindOf(symbol)} | ${cell(linked(firstSentence(said), page))} |`;
  });
  const table = ['| name | kind | |', '|---|---|---|', ...rows].join('\n');
  return `${[`# \`${path}\``, 'Generated from the sources by `npm run docs:api`.', table, ...chapters(own, page)].join('\n\n')}\n`;
}

const index = () =>
  [
    '# API reference',
    'Generated from the sources by `npm run docs:api`: every public name, with its declaration and its comment.',
    ['| import | names |', '|---|---|', ...entries.map(indexRow)].join('\n'),
    'Modules have `forRoot(options?)` and `forRootAsync({ imports, inject, useFactory })`; their options are in [configuration](../configuration.md).\n',
  ].join('\n\n');

function indexRow({ path, source, page }) {
  return `| [\`${path}\`](${page}.md) | ${exportedSymbols(program, source).length} |`;
}

const isCheck = process.argv.includes('--check');
const pages = new Map([...entries.map((entry) => [`${entry.page}.md`, pageText(entry)]), ['README.md', index()]]);
const isCurrent = ([name, text]) => {
  const path = join(FOLDER, name);
  return existsSync(path) && readFileSync(path, 'utf8') === text;
};
mkdirSync(FOLDER, { recursive: true });
const others = readdirSync(FOLDER).filter((name) => !pages.has(name));
const stale = [...[...pages].filter((page) => !isCurrent(page)).map(([name]) => name), ...others];
if (!isCheck) {
  for (const [name, text] of pages) writeFileSync(join(FOLDER, name), text);
  for (const name of others) rmSync(join(FOLDER, name));
} else for (const name of stale) console.error(`${join(FOLDER, name)} is not what the sources say: npm run docs:api`);
for (const fault of faults) console.error(fault);
if (faults.length > 0 || (isCheck && stale.length > 0)) process.exitCode = 1;
const bytes = [...pages.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
console.log(`${pageOf.size} public names on ${pages.size} pages, ${Math.round(bytes / 1024)} KiB`);
