import type { ExplainedDecision, Explanation } from '../../contracts/health-facts.js';
import { displayScore, type Slots } from '../../domain/score.js';
import { CommandError } from '../cli.errors.js';
import { lacksSchema, openDatabase } from '../open-database.js';

interface JournalRow {
  readonly committed_ms: number;
  readonly source: string;
  readonly version: string;
  readonly after: { readonly status: number; readonly home: Slots | null; readonly away: Slots | null };
}

const SELECT_NEWEST = `
SELECT EXTRACT(EPOCH FROM committed_at)::double precision * 1000 AS committed_ms, source, version, after
FROM livescore_journal WHERE match_id = $1 ORDER BY epoch DESC, version DESC LIMIT 50`;

/** The newest 50 committed changes of a match: what was applied, not what was refused. */
export async function readJournal(databaseUrl: string, matchId: string): Promise<Explanation> {
  const client = await openDatabase(databaseUrl);
  try {
    const { rows } = await client.query<JournalRow>(SELECT_NEWEST, [matchId]);
    return { matchId, disputed: false, feed: null, decisions: rows.reverse().map(toDecision) };
  } catch (cause) {
    if (!lacksSchema(cause)) throw cause;
    const message = 'the database has no journal: run `livescore migrate` first';
    throw new CommandError('LIVESCORE_NO_JOURNAL', message, {}, { cause });
  } finally {
    await client.end();
  }
}

function toDecision({ committed_ms, source, version, after }: JournalRow): ExplainedDecision {
  const { status, home, away } = after;
  return {
    at: committed_ms,
    source,
    delivery: '',
    status,
    score: home && away ? `${displayScore(home)}-${displayScore(away)}` : null,
    kickoff: null,
    outcome: 'applied',
    reason: 'in the journal',
    version: Number(version),
  };
}
