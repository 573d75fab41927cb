import type { ExplainedDecision, Explanation } from '../contracts/explain-facts.js';
import { isMatchStatus } from '../domain/match-status.js';
import { displayScore, type Slots } from '../domain/score.js';
import { statusWords } from '../domain/status-words.js';
import { reasonOf, UnreachableError } from '../kernel/unreachable.errors.js';
import { hostUrl, readArguments } from './arguments.js';
import { UsageError } from './cli.errors.js';
import type { Command, Environment } from './command.js';
import { askGuarded, secretsOf } from './host-answer.js';
import { type NeededTables, withDatabase } from './platform-database.js';
import { jsonLine, textTable } from './printing.js';

const EXPLAIN_HELP = `livescore explain MATCH [options]

Shows why each of the last 50 frames of a match was applied or not. The running host answers who shows its secret: that of
LIVESCORE_INTERNAL_SECRET, else the key that it keeps in the database of DATABASE_URL. When it cannot be reached and
DATABASE_URL is set, the applied changes are read from the journal instead.

version is the row's version that a frame was judged against, and, behind the arrow, the one that its commit made: that is the
one in the frames of /ws (position). Without an arrow nothing was written, or its commit is not known yet.

  --url URL     the host, default http://127.0.0.1:PORT (PORT or 3000)
  --json        print the answer as JSON

Examples:
  livescore explain l7oqdehg6ko3r51
  livescore explain l7oqdehg6ko3r51 --json --url http://127.0.0.1:3000/api

Exit code: 0 shown, 1 nothing is known of the match, 2 neither host nor journal could be read.`;

const OPTIONS = { url: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `livescore explain`. */
export const explainCommand: Command = {
  help: EXPLAIN_HELP,
  run: async (argv, env, { stdout, stderr }) => {
    const { values, positionals } = readArguments('explain', argv, OPTIONS);
    const [matchId, ...others] = positionals;
    if (matchId === undefined || others.length > 0) throw new UsageError('give one match id: livescore explain MATCH');
    const host = hostUrl(values.url, env);
    const explanation = await explanationOf(host, matchId, env).catch((error: unknown): Promise<Explanation> => {
      if (!(error instanceof UnreachableError) || !env.DATABASE_URL) throw error;
      stderr(`${reasonOf(error)}\nFrom the journal instead: only changes that were applied are shown.`);
      return readJournal(matchId, env);
    });
    if (values.json) stdout(jsonLine(explanation));
    else if (explanation.decisions.length > 0) stdout(explanationTable(explanation));
    if (explanation.feed === 'no-feed')
      stderr('No feed: the match is being played, but the feed does not speak of it.');
    if (explanation.stale) stderr(`Stale: the provider was asked, and nothing moved (${explanation.stale}).`);
    if (explanation.disputed) stderr('Disputed: the feed insists on what the guard refuses.');
    if (explanation.format?.in_doubt)
      stderr(`Format?: half-time came too early for ${explanation.format.is}. Set it in livescore_match_format.`);
    if (explanation.decisions.length > 0) return 0;
    stderr(`Nothing is known of match "${matchId}": no frame of it has been judged.`);
    return 1;
  },
};

/** @throws UnreachableError @throws CommandError */
async function explanationOf(host: URL, matchId: string, env: Environment): Promise<Explanation> {
  return askGuarded(host, `/livescore/explain/${encodeURIComponent(matchId)}`, await secretsOf(env), {
    code: 'LIVESCORE_NO_EXPLANATION',
    what: 'an explanation',
    read: (body) => (isExplanation(body) ? body : null),
  });
}

function isExplanation(body: unknown): body is Explanation {
  return typeof body === 'object' && body !== null && 'decisions' in body && Array.isArray(body.decisions);
}

interface JournalRow {
  readonly committed_ms: number;
  readonly source: string;
  readonly version: string;
  readonly after: { readonly status: number; readonly home: Slots | null; readonly away: Slots | null };
}

const JOURNAL: NeededTables = { code: 'LIVESCORE_NO_JOURNAL', lack: 'the database has no journal' };
const SELECT_NEWEST = `
SELECT EXTRACT(EPOCH FROM committed_at)::double precision * 1000 AS committed_ms, source, version, after
FROM livescore_journal WHERE match_id = $1 ORDER BY epoch DESC, version DESC LIMIT 50`;

/** The newest 50 committed changes of a match: what was applied, not what was refused. */
async function readJournal(matchId: string, env: Environment): Promise<Explanation> {
  const { rows } = await withDatabase(env, JOURNAL, (client) => client.query<JournalRow>(SELECT_NEWEST, [matchId]));
  return { matchId, disputed: false, feed: null, decisions: rows.reverse().map(toDecision) };
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
    version: Number(version) - 1,
    became: Number(version),
  };
}

const HEADINGS = ['time', 'source', 'frame said', 'kick-off', 'outcome', 'reason', 'version'];

/** The decisions as aligned text, oldest first; times in UTC. */
function explanationTable({ decisions }: Explanation): string {
  return textTable(HEADINGS, decisions.map(rowOf));
}

function rowOf({ at, source, delivery, status, score, kickoff, ...judged }: ExplainedDecision): string[] {
  const { outcome, reason } = judged;
  const said =
    status === null
      ? 'no score'
      : [status, isMatchStatus(status) ? statusWords(status) : null, score].filter((word) => word !== null).join(' ');
  const kickoffAt = kickoff === null ? '-' : new Date(kickoff * 1000).toISOString().slice(11, 19);
  const by = delivery === '' ? source : `${source} ${delivery}`;
  return [new Date(at).toISOString().slice(11, 23), by, said, kickoffAt, outcome, reason, versionsOf(judged)];
}

/** Judged against, and what became of it. */
function versionsOf({ version, became }: Pick<ExplainedDecision, 'version' | 'became'>): string {
  const from = String(version ?? '-');
  return became === undefined ? from : `${from} → ${became}`;
}
