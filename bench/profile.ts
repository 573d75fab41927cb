import { readFile } from 'node:fs/promises';
import type { HeapProfiler, Profiler, Runtime } from 'node:inspector';

const TOP = 40;

/** The functions of a CPU profile with the most time of their own, as a table. */
export async function selfTimeTable(file: string): Promise<string> {
  const profile = JSON.parse(await readFile(file, 'utf8')) as Profiler.Profile;
  return ['  self ms      %  function', ...rowsOf(selfTimes(profile), 1_000)].join('\n');
}

/** The functions of an allocation profile that allocate the most themselves, as a table. */
export async function allocationTable(file: string): Promise<string> {
  const { head } = JSON.parse(await readFile(file, 'utf8')) as HeapProfiler.SamplingHeapProfile;
  const bytes = new Map<string, number>();
  addAllocations(head, bytes);
  return ['  self KB      %  function', ...rowsOf(bytes, 1_024)].join('\n');
}

function rowsOf(values: ReadonlyMap<string, number>, unit: number): string[] {
  const total = [...values.values()].reduce((sum, value) => sum + value, 0);
  return [...values]
    .sort(([, a], [, b]) => b - a)
    .slice(0, TOP)
    .map(([name, value]) => {
      const share = ((value / total) * 100).toFixed(1);
      return `${(value / unit).toFixed(1).padStart(9)}  ${share.padStart(5)}  ${name}`;
    });
}

function addAllocations(node: HeapProfiler.SamplingHeapProfileNode, bytes: Map<string, number>): void {
  const name = nameOf(node.callFrame);
  bytes.set(name, (bytes.get(name) ?? 0) + node.selfSize);
  for (const child of node.children) addAllocations(child, bytes);
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

function nameOf({ functionName, url, lineNumber }: Runtime.CallFrame): string {
  const name = functionName || '(anonymous)';
  return url ? `${name}  ${url.replace(/^.*\/(node_modules|dist\/app)\//, '')}:${lineNumber + 1}` : name;
}
