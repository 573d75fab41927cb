import { readFile } from 'node:fs/promises';
import type { Profiler } from 'node:inspector';

const TOP = 40;

/** The functions of a CPU profile with the most time of their own, as a table. */
export async function selfTimeTable(file: string): Promise<string> {
  const profile = JSON.parse(await readFile(file, 'utf8')) as Profiler.Profile;
  const selfUs = selfTimes(profile);
  const totalUs = [...selfUs.values()].reduce((sum, us) => sum + us, 0);
  const rows = [...selfUs]
    .sort(([, a], [, b]) => b - a)
    .slice(0, TOP)
    .map(
      ([name, us]) =>
        `${(us / 1000).toFixed(1).padStart(9)}  ${((us / totalUs) * 100).toFixed(1).padStart(5)}  ${name}`,
    );
  return ['  self ms      %  function', ...rows].join('\n');
}

function selfTimes({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Map<string, number> {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const selfUs = new Map<string, number>();
  samples.forEach((id, i) => {
    const name = names.get(id) ?? '(unknown)';
    selfUs.set(name, (selfUs.get(name) ?? 0) + (timeDeltas[i] ?? 0));
  });
  return selfUs;
}

function nameOf({ functionName, url, lineNumber }: Profiler.Profile['nodes'][number]['callFrame']): string {
  const name = functionName || '(anonymous)';
  return url ? `${name}  ${url.replace(/^.*\/(node_modules|dist\/app)\//, '')}:${lineNumber + 1}` : name;
}
