import type { JournalEntry } from '../parts/match-database.js';
import type { Screen, SeenFrame } from '../parts/screen.js';
import type { Finding } from './finding.js';
import { byMatch, goalsOf } from './journal.js';

/** What a client tells apart: the same version with the same content again is no news. */
const CONTENT = ['homeScore', 'awayScore', 'previousHomeScore', 'previousAwayScore', 'statusId', 'newStatus'] as const;

/**
 * What clients were told must be what the journal says about the same version: the same content however often it was
 * told, as many goals as the version made, and a cancellation only where it took a goal back.
 */
export function announcementFindings(frames: readonly SeenFrame[], entries: readonly JournalEntry[]): Finding[] {
  const journals = byMatch(entries);
  return [...told(frames)].flatMap(([key, seen]) => {
    const first = seen[0] as SeenFrame;
    const journal = journals.get(first.matchId);
    if (!journal) return [];
    const entry = journal.find(({ epoch, version }) => epoch === first.epoch && version === first.version);
    return findingsOf(key, first.type, contentsOf(seen), entry);
  });
}

/** Frames by match, epoch, version and type. */
function told(frames: readonly SeenFrame[]): ReadonlyMap<string, readonly SeenFrame[]> {
  const groups = new Map<string, SeenFrame[]>();
  for (const frame of frames) {
    const key = `${frame.matchId} epoch ${frame.epoch} version ${frame.version} ${frame.type}`;
    const group = groups.get(key);
    if (group) group.push(frame);
    else groups.set(key, [frame]);
  }
  return groups;
}

function contentsOf(frames: readonly SeenFrame[]): readonly Record<string, unknown>[] {
  const contents = new Map<string, Record<string, unknown>>();
  for (const { content } of frames) {
    const kept = Object.fromEntries(CONTENT.filter((name) => name in content).map((name) => [name, content[name]]));
    contents.set(JSON.stringify(kept), kept);
  }
  return [...contents.values()];
}

function findingsOf(
  key: string,
  type: string,
  contents: readonly Record<string, unknown>[],
  entry: JournalEntry | undefined,
): Finding[] {
  const say = (kind: Finding['kind'], fault: string): Finding[] => [
    { kind, text: `${key}: ${fault}. Told: ${JSON.stringify(contents)}. Journal: ${JSON.stringify(entry)}` },
  ];
  if (!entry) return say('duplicated', 'announced, but no such version was committed');
  const { scored, cancelled } = stepsOf(entry);
  const [home, away] = goalsOf(entry.after);
  const shows = (content: Record<string, unknown>) => content.homeScore === home && content.awayScore === away;
  switch (type) {
    case 'GOAL':
      if (contents.length > scored)
        return say('duplicated', `${contents.length} goals told, the version made ${scored}`);
      return contents.some(shows) ? [] : say('duplicated', 'no goal leads to the score of the version');
    case 'GOAL_CANCELLED':
      return contents.length > cancelled ? say('false-cancellation', `the version took ${cancelled} goals back`) : [];
    case 'SCORE_CHANGE':
      return contents.length === 1 && contents.every(shows) ? [] : say('duplicated', 'another score than the version');
    case 'MATCH_STATE_CHANGE': {
      const isState = contents.every(
        ({ statusId, newStatus }) => statusId === newStatus && statusId === entry.after.status,
      );
      return contents.length === 1 && isState ? [] : say('duplicated', 'another status than the version');
    }
    default:
      return [];
  }
}

/** Goals the version made and took back, net per side: what was folded into one version is one fact. */
function stepsOf(entry: JournalEntry): { readonly scored: number; readonly cancelled: number } {
  const [was, is] = [goalsOf(entry.before), goalsOf(entry.after)];
  const steps = [is[0] - was[0], is[1] - was[1]];
  const sum = (list: readonly number[]) => list.reduce((total, step) => total + Math.max(0, step), 0);
  return { scored: sum(steps), cancelled: sum(steps.map((step) => -step)) };
}

/** A client notices the death of its host this much later. */
const NOTICED_MS = 100;

/**
 * Versions with a goal that came from the feed itself, and that no client was ever told of. What a new host commits
 * before its clients are back is not for them: they ask for the state when they connect.
 *
 * @param unheardMs before a client is cut off that its host may not know of what another one committed
 */
export function untoldGoals(
  screens: readonly Screen[],
  entries: readonly JournalEntry[],
  unheardMs = -NOTICED_MS,
): readonly JournalEntry[] {
  const goals = new Set(screens.flatMap(({ frames }) => frames.filter(({ type }) => type === 'GOAL').map(keyOf)));
  const gaps = screens.flatMap((screen) => screen.gaps);
  const isAway = (atMs: number) => gaps.some((gap) => atMs > gap.fromMs - unheardMs && atMs <= gap.untilMs);
  return entries.filter(
    (entry) => !entry.catchUp && stepsOf(entry).scored > 0 && !goals.has(keyOf(entry)) && !isAway(entry.committedAtMs),
  );
}

function keyOf({ matchId, epoch, version }: { matchId: string; epoch: number; version: number }): string {
  return `${matchId} ${epoch} ${version}`;
}
