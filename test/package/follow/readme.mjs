// What README.md tells a newcomer to type, word for word.
import { readFileSync } from 'node:fs';

const text = readFileSync('README.md', 'utf8');
const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({ language, code }));

function lineWith(start) {
  const lines = blocks.filter(({ language }) => language === 'bash').flatMap(({ code }) => code.trim().split('\n'));
  const found = lines.filter((line) => line.startsWith(start));
  if (found.length === 0) throw new Error(`README.md has no command that starts with "${start}"`);
  return found;
}

/** The first TypeScript block: the whole `src/main.ts`. */
export const readmeHost = blocks.find(({ language }) => language === 'ts').code;

/** The line for Nest 12, then the one for Nest 11. */
export const [installOnNest12, installOnNest11] = lineWith('npm install @goalgpt/livescore');
export const [makePlatformTables] = lineWith('node -p "require(');
export const [replayTournament] = lineWith('npx livescore replay node_modules/');

/** `src/live-score.config.ts` of docs/modules.md: options from the environment. */
export const [, optionsFromEnvironment] = /^```ts\n(\/\/ src\/live-score\.config\.ts\n[\s\S]*?)^```$/m.exec(
  readFileSync('docs/modules.md', 'utf8'),
);

/** Names of packages in a line of `npm install`, without their versions. */
export function packagesOf(install) {
  return install
    .split(' ')
    .slice(2)
    .map((word) => word.replace(/(?<=.)@[\w.^~]+$/, ''));
}
