import { Client } from 'pg';
import { WebSocket } from 'ws';
import { minuteOracle, minuteTextOracle } from '../../test/support/minute-oracle.js';
import type { MatchView } from './match-view.js';
import type { RunningHost } from './start-host.js';

/** One minute that somebody was shown, and when it can have been worked out, unix seconds. */
interface Shown {
  readonly matchId: string;
  readonly version: number;
  readonly status: number;
  readonly minute: number | null;
  readonly text: string;
  readonly fromS: number;
  readonly toS: number;
}

export interface MinuteFindings {
  readonly checked: number;
  readonly wrong: number;
}

interface Facts {
  readonly match_id: string;
  readonly version: string;
  readonly status: number;
  readonly kickoffs: readonly (number | null)[];
  readonly match_time: string | null;
}

const POLL_MS = 50;
const FACTS = `
SELECT j.match_id, j.version, (j.after ->> 'status')::integer AS status, j.after -> 'kickoffs' AS kickoffs, m.match_time
FROM livescore_journal j JOIN ts_matches m ON m.external_id = j.match_id`;

/** Watches the host as a legacy client and a REST reader do, and holds every minute that it shows against the tables. */
export class MinuteCheck {
  private readonly shown: Shown[] = [];
  private readonly socket: WebSocket;
  private readonly polling: NodeJS.Timeout;
  private reading: Promise<void> | null = null;

  constructor(private readonly host: RunningHost) {
    this.socket = new WebSocket(`${host.url.replace('http', 'ws')}/ws`);
    this.socket.on('message', (data) => this.takeFrame(JSON.parse(String(data)) as Record<string, unknown>));
    this.polling = setInterval(() => {
      this.reading ??= this.readLists().finally(() => {
        this.reading = null;
      });
    }, POLL_MS);
  }

  /** The end of the watch, and what came of it. */
  async end(): Promise<MinuteFindings> {
    clearInterval(this.polling);
    await this.reading;
    await this.readLists();
    this.socket.terminate();
    const facts = await this.facts();
    const judged = this.shown.flatMap((shown) => {
      const known = facts.get(`${shown.matchId} ${shown.version}`);
      return known && known.status === shown.status ? [isRight(shown, known)] : [];
    });
    return { checked: judged.length, wrong: judged.filter((right) => !right).length };
  }

  private takeFrame(frame: Record<string, unknown>): void {
    const optimistic = frame.optimistic as { minute: number | null; minuteText: string; statusId: number } | null;
    if (!optimistic || typeof frame.version !== 'number') return;
    this.shown.push({
      matchId: String(frame.matchId),
      version: frame.version,
      status: optimistic.statusId,
      minute: optimistic.minute,
      text: optimistic.minuteText,
      fromS: Math.floor(Number(frame.receivedAt) / 1000),
      toS: Math.floor(Number(frame.timestamp) / 1000),
    });
  }

  private async readLists(): Promise<void> {
    for (const list of ['live', 'finished']) {
      const fromS = Math.floor(Date.now() / 1000);
      const rows = (await (await fetch(`${this.host.url}/api/matches/${list}`)).json()) as readonly MatchView[];
      const toS = Math.floor(Date.now() / 1000);
      for (const { externalId: matchId, version, status, minute, minute_text: text } of rows) {
        this.shown.push({ matchId, version, status, minute, text, fromS, toS });
      }
    }
  }

  private async facts(): Promise<ReadonlyMap<string, Facts>> {
    const client = new Client({ connectionString: this.host.services.databaseUrl });
    await client.connect();
    try {
      const { rows } = await client.query<Facts>(FACTS);
      return new Map(rows.map((row) => [`${row.match_id} ${row.version}`, row]));
    } finally {
      await client.end();
    }
  }
}

/** At one of the seconds in question the tables say the same; where they say no minute, only the text is theirs. */
function isRight({ status, minute, text, fromS, toS }: Shown, { kickoffs, match_time }: Facts): boolean {
  if (text !== minuteTextOracle(status, minute)) return false;
  const [fh = null, sh = null, ot = null] = kickoffs;
  const row = { status, fh, sh, ot, fallback: match_time === null ? null : Number(match_time) };
  for (let second = fromS; second <= toS; second++) {
    const expected = minuteOracle(row, second);
    if (expected === null || expected === minute) return true;
  }
  return false;
}
