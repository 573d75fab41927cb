// Asks the rules of the options themselves: what a module makes of no options, and what it says an option must be.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const FOLDER = join('.data', 'configuration');
/** No option takes any of these. */
const NOBODYS = [' ', -1.5, { nothing: true }];

/** @returns the sources below src that declare options */
export function optionSources() {
  return readdirSync('src', { recursive: true })
    .filter((name) => name.endsWith('.options.ts'))
    .sort()
    .map((name) => join('src', name));
}

/** @returns the resolver of each type of options, by the name of the type */
export async function optionResolvers(sources) {
  const resolvers = new Map();
  const lines = sources.flatMap((source) => {
    const found = /export function (resolve\w+)\(\s*options\??: (\w+)/.exec(readFileSync(source, 'utf8'));
    if (!found) return [];
    resolvers.set(found[2], found[1]);
    return [`export { ${found[1]} } from './${source}';`];
  });
  const contents = ["export { InvalidOptionError } from './src/kernel/livescore.errors.js';", ...lines].join('\n');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    // decorators leave no trace here, and the rules need none
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
  });
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `rules-${process.pid}.mjs`);
  writeFileSync(file, outputFiles[0].text);
  const rules = await import(pathToFileURL(file).href);
  rmSync(file);
  return new Map([...resolvers].map(([type, name]) => [type, rulesOf(rules[name], rules.InvalidOptionError)]));
}

function rulesOf(resolve, InvalidOptionError) {
  const faultsOf = (options) => {
    try {
      resolve(options, {});
      return [];
    } catch (error) {
      if (error instanceof InvalidOptionError) return error.faults;
      throw error;
    }
  };
  const defaults = resolve(undefined, {});
  return {
    module: faultsOf({ 'no option has this name': 1 })[0].module,
    /** undefined: nothing that could be written down, or inside of something that is not there */
    defaultOf: (path) => path.reduce((value, name) => value?.[name], defaults),
    mustBe: (path) => {
      const option = path.join('.');
      for (const value of NOBODYS) {
        const fault = faultsOf(at(path, value)).find((one) => one.option === option);
        // what OpenSSL says differs from one version to the next
        if (fault) return fault.expected.replace(/ \([^)]*error[^)]*\)/, '');
      }
      return '';
    },
  };
}

/** An object in which nothing but the value stands, at that path. */
function at([name, ...path], value) {
  return { [name]: path.length > 0 ? at(path, value) : value };
}
