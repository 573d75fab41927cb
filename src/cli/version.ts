import { readFileSync } from 'node:fs';

const NAME = '@goalgpt/livescore';
/** From `src/cli` and from `dist/esm/src/cli`; the nearest one that is ours. */
const PLACES = ['../../package.json', '../../../../package.json'] as const;

/** The version of the package that this file belongs to, as its `package.json` says. */
export function packageVersion(): string {
  for (const place of PLACES) {
    const version = versionIn(new URL(place, import.meta.url));
    if (version !== null) return version;
  }
  return 'unknown';
}

function versionIn(file: URL): string | null {
  try {
    const { name, version }: { name?: unknown; version?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
    return name === NAME && typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}
