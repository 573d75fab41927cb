// The public names of the package: what each entry of package.json exports, with the comments of its sources.
import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** @returns the entries of the package in the order of package.json: their import path, their source and the name of their page */
export function packageEntries() {
  const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  const entries = Object.entries(exports).flatMap(([path, targets]) => {
    const types = targets.import?.types;
    if (types === undefined) return [];
    const source = types.replace('./dist/esm/', '').replace(/\.d\.ts$/, '.ts');
    return [{ path: name + path.slice(1), source, page: path === '.' ? 'livescore' : path.slice(2) }];
  });
  const missing = entries.filter(({ source }) => !existsSync(source));
  for (const { path, source } of missing) console.error(`${path} has no ${source}: it is left out`);
  return entries.filter((entry) => !missing.includes(entry));
}

/** A program of these sources, as the package compiles them. */
export function packageProgram(sources) {
  const { config } = ts.readConfigFile('tsconfig.esm.json', (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
  return ts.createProgram(sources, { ...options, declaration: true, sourceMap: false, inlineSources: false });
}

/** @returns the symbols that a source exports, by name and in its order; what stands behind a re-export, not the re-export */
export function exportedSymbols(program, source) {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(source));
  if (module === undefined) throw new Error(`${source} is no module`);
  return checker
    .getExportsOfModule(module)
    .map((symbol) => ({
      name: symbol.name,
      symbol: symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The text of a comment, links as `{@link Name}`; tags not included. */
export function commentText(program, symbol) {
  return ts.displayPartsToString(symbol.getDocumentationComment(program.getTypeChecker())).trim();
}

/** @returns the first sentence of a comment, on one line */
export function firstSentence(text) {
  const line = text
    .split(/\n\s*\n/)[0]
    .replace(/\s+/g, ' ')
    .trim();
  return /^.*?[.?!](?=\s+[A-Z`{]|$)/.exec(line)?.[0] ?? line;
}
