import type { SeededRandom } from '../../../test/support/seeded-random.js';
import type { Findings } from '../checks/findings.js';
import type { FrameReader } from '../checks/read-frame.js';
import { NOT_TOLD, SilentRules } from '../checks/silent-rules.js';
import type { Comparison, CrewMember, TrueRow } from './crew-member.js';
import { type Addresses, Line } from './line.js';

const LIST_TIMEOUT_MS = 5_000;
const LIST_RETRY_MS = 200;
/** statuses that the platform's list of live matches shows */
const LIVE = new Set([2, 3, 4, 5, 7]);

interface ListedMatch {
  readonly externalId: string;
  readonly status: number;
  readonly homeScore: number;
  readonly awayScore: number;
  readonly version: number;
}

/** A page as it is today: it loads the list of its host whenever it is connected, then shows what frames tell. */
export class SilentClient implements CrewMember {
  readonly kind = 'silent';
  readonly followsAll = true;
  readonly rules: SilentRules;
  readonly line: Line;
  private isListed = false;
  private pages = 0;

  constructor(
    readonly name: string,
    addresses: Addresses,
    random: SeededRandom,
    private readonly reader: FrameReader,
    findings: Findings,
  ) {
    this.rules = new SilentRules(name, findings);
    this.line = new Line('/ws', addresses, random, {
      opened: (url) => this.opened(url),
      heard: (text) => {
        const frame = this.reader.read(text);
        if (frame) this.rules.take(frame, Date.now());
      },
      closed: () => {
        this.isListed = false;
        this.pages += 1;
      },
    });
  }

  start(): void {
    this.line.connect();
  }

  get isServed(): boolean {
    return this.line.isOpen && this.isListed;
  }

  behindOn(rows: readonly TrueRow[], how: Comparison): string | null {
    if (how === 'at-least') return null;
    for (const row of rows) {
      const shown = this.rules.shown.get(row.matchId)?.text;
      const mustShow = LIVE.has(row.status) || shown !== undefined;
      if (!mustShow || row.isUntouched || shown === row.shown) continue;
      // it began after the list was loaded, and no score was told yet: no page shows it
      if (!shown?.includes(NOT_TOLD)) return `${row.matchId} shows ${shown}, row ${row.shown}`;
    }
    return null;
  }

  end(): void {
    this.pages += 1;
    this.line.end();
  }

  private opened(url: string): void {
    this.rules.connected(Date.now());
    this.pages += 1;
    void this.load(url, this.pages);
  }

  /** Again until it succeeds, or another page is there. */
  private async load(url: string, page: number): Promise<void> {
    while (page === this.pages) {
      const list = await listOf(url.replace(/^ws/, 'http'));
      if (page !== this.pages) return;
      if (list) {
        this.rules.listed(list.map(listed));
        this.isListed = true;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, LIST_RETRY_MS));
    }
  }
}

/** null when the host cannot say */
async function listOf(origin: string): Promise<readonly ListedMatch[] | null> {
  try {
    const answer = await fetch(`${origin}/api/matches/live`, { signal: AbortSignal.timeout(LIST_TIMEOUT_MS) });
    return answer.ok ? ((await answer.json()) as readonly ListedMatch[]) : null;
  } catch {
    return null;
  }
}

/** The list knows no epoch: rows keep theirs through a run. */
function listed({ externalId, status, homeScore, awayScore, version }: ListedMatch) {
  return { matchId: externalId, position: { epoch: 0, version }, text: `${status} ${homeScore}-${awayScore}` };
}
