import { setTimeout as sleep } from 'node:timers/promises';
import type { Comparison, CrewMember, TrueRow } from './crew-member.js';
import type { Reached, ReachQuestion } from './crew-questions.js';

const LOOK_EVERY_MS = 15;
const SHOWN = 6;

type Looked = Pick<CrewMember, 'name' | 'kind' | 'isServed' | 'behindOn'> & {
  readonly line: Pick<CrewMember['line'], 'url' | 'isPaused'>;
};

/** Waits until clients show the rows, and says who does not. */
export async function untilCurrent(
  members: readonly Looked[],
  { rows, how, on, timeoutMs }: Omit<ReachQuestion, 'ask'>,
): Promise<Reached> {
  const start = performance.now();
  const waited = () => performance.now() - start;
  const isMeant = ({ kind, isServed, line }: Looked) =>
    how === 'exactly' || (kind !== 'silent' && isServed && (!on || on.includes(line.url)));
  const chosen = members.filter(isMeant);
  let open = chosen;
  for (;;) {
    // who is cut off meanwhile is no witness, unless all are to be
    open = open.filter((member) => isMeant(member) && !isCurrent(member, rows, how));
    if (open.length === 0) return { tookMs: waited(), clients: chosen.length, behind: [], missing: 0, unaware: 0 };
    if (waited() > timeoutMs) break;
    await sleep(LOOK_EVERY_MS);
  }
  const behind = open.slice(0, SHOWN).map((member) => `${member.name} ${stateOf(member, rows, how)}`);
  const unaware = open.filter(({ isServed }) => isServed).length;
  return { tookMs: null, clients: chosen.length, behind, missing: open.length, unaware };
}

function isCurrent(member: Looked, rows: readonly TrueRow[], how: Comparison): boolean {
  return member.isServed && member.behindOn(rows, how) === null;
}

function stateOf(member: Looked, rows: readonly TrueRow[], how: Comparison): string {
  const { line } = member;
  if (!member.isServed) return `is not served by ${line.url}${line.isPaused ? ', reads nothing' : ''}`;
  return `at ${line.url}: ${member.behindOn(rows, how)}`;
}
