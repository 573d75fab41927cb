import { displayScore } from '../../../domain/score.js';
import { toInteger, toSlots } from '../../../platform/read-value.js';
import type { ReadDatabase, Statement } from '../../../postgres/database.js';
import type {
  AnnouncementEntry,
  ForeignEntry,
  JournalState,
  LetterEntry,
  TimelineEntry,
  VerdictEntry,
  VersionEntry,
  WordEntry,
} from '../../facts.js';
import { ANNOUNCEMENTS, FOREIGN, LETTERS, VERDICTS, VERSIONS, WORDS } from './history-statements.js';

/** The state of a row in the journal. */
interface StateJson {
  readonly status?: unknown;
  readonly home?: unknown;
  readonly away?: unknown;
}

type VersionRow = Omit<VersionEntry, 'lane' | 'before' | 'after'> & {
  readonly before: StateJson | null;
  readonly after: StateJson;
};

/** Everything that the database remembers of one match, in no order. */
export class MatchHistory {
  constructor(private readonly database: ReadDatabase) {}

  async of(matchId: string): Promise<readonly TimelineEntry[]> {
    const rows = <Row>(statement: Statement) => this.database.query<Row>(statement, [matchId]);
    const versions = (await rows<VersionRow>(VERSIONS)).map(toVersion);
    const told = (await rows<Pick<AnnouncementEntry, 'atMs' | 'text'>>(ANNOUNCEMENTS)).map(
      (one): AnnouncementEntry => ({ lane: 'announced', kind: 'incident', version: null, ...one }),
    );
    const verdicts = (await rows<Omit<VerdictEntry, 'lane'>>(VERDICTS)).map(
      (one): VerdictEntry => ({ lane: 'verdict', ...one }),
    );
    const foreign = (await rows<Omit<ForeignEntry, 'lane'>>(FOREIGN)).map(
      (one): ForeignEntry => ({ lane: 'foreign', ...one }),
    );
    const letters = (await rows<Omit<LetterEntry, 'lane'>>(LETTERS)).map(
      (one): LetterEntry => ({ lane: 'letter', ...one }),
    );
    const words = (await rows<Omit<WordEntry, 'lane'>>(WORDS)).map((one): WordEntry => ({ lane: 'word', ...one }));
    return [...versions, ...told, ...verdicts, ...foreign, ...letters, ...words];
  }
}

function toVersion({ before, after, ...version }: VersionRow): VersionEntry {
  return { lane: 'version', ...version, before: before && toState(before), after: toState(after) };
}

function toState({ status, home, away }: StateJson): JournalState {
  return { status: toInteger(status), home: shown(home), away: shown(away) };
}

function shown(value: unknown): number | null {
  const slots = toSlots(value);
  return slots && displayScore(slots);
}
