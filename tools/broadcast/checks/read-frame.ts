import { type Content, shownGoals, wholeText } from './content.js';
import type { Findings } from './findings.js';
import { type Fields, type FrameSchemas, isOfProtocol2 } from './frame-schemas.js';
import { type Held, parsePosition } from './position.js';
import type { ToldVersions } from './told-versions.js';

/** A state of one match in a frame of protocol 2. */
export interface ShownMatch {
  readonly matchId: string;
  readonly position: Held;
}

/** A frame as the checks see it: read and compared with its schema once, however many clients get it. */
export interface ReadFrame {
  readonly type: string;
  readonly fields: Fields;
  /** where it names one */
  readonly matchId: string | null;
  /** of CHANGE and CLOCK */
  readonly position: Held | null;
  /** of CHANGE */
  readonly previous: Held | null;
  /** of SNAPSHOT */
  readonly matches: readonly ShownMatch[];
  /** of a frame for silent clients: which version it tells, and what they show by it */
  readonly told: { readonly version: Held; readonly key: string; readonly shown: string | null } | null;
}

const REMEMBERED = 20_000;

/** Reads what sockets bring. Frames that many clients get are the same text, and read once. */
export class FrameReader {
  private known = new Map<string, ReadFrame | null>();
  private before = new Map<string, ReadFrame | null>();
  /** frames read, each text once */
  texts = 0;
  private longestLagMs = 0;

  constructor(
    private readonly schemas: FrameSchemas,
    private readonly versions: { readonly proven: ToldVersions; readonly shown: ToldVersions },
    private readonly findings: Findings,
  ) {}

  /** From sending to reading, the longest since the last time that somebody asked. */
  takeLagMs(): number {
    const lagMs = this.longestLagMs;
    this.longestLagMs = 0;
    return lagMs;
  }

  /** @returns null when it is no frame: that was noted */
  read(text: string): ReadFrame | null {
    const known = this.known.get(text) ?? this.before.get(text);
    if (known !== undefined) return known;
    const frame = this.readAnew(text);
    this.texts += 1;
    if (this.known.size >= REMEMBERED) {
      this.before = this.known;
      this.known = new Map();
    }
    this.known.set(text, frame);
    return frame;
  }

  private readAnew(text: string): ReadFrame | null {
    const fields = parse(text);
    const type = fields?.type;
    if (!fields || typeof type !== 'string') {
      this.findings.note('bad-frame', `no frame: ${text.slice(0, 200)}`);
      return null;
    }
    const fault = this.schemas.faultOf(type, fields);
    if (fault) this.findings.note('bad-frame', `${type}: ${fault}: ${text.slice(0, 400)}`);
    const { timestamp } = fields;
    // others may be kept for newcomers
    if (type === 'CHANGE' && typeof timestamp === 'number')
      this.longestLagMs = Math.max(this.longestLagMs, Date.now() - timestamp);
    const frame = frameOf(type, fields);
    this.compare(frame);
    return frame;
  }

  private compare({ type, fields, told, matchId }: ReadFrame): void {
    if (type === 'CHANGE') this.prove(fields, type);
    for (const view of type === 'SNAPSHOT' ? listOf(fields.matches) : []) this.prove(view, type);
    if (told?.shown && matchId) this.versions.shown.note(matchId, told.version, told.shown, type);
  }

  /** Display scores must follow from the slots beside them, and the whole from the version. */
  private prove(fields: Fields, by: string): void {
    const content = provenContent(fields);
    const position = parsePosition(fields.position);
    if (!content || !position) return; // said by the schema
    const { homeScore, awayScore, matchId } = fields;
    if (shownGoals(content.home) !== homeScore || shownGoals(content.away) !== awayScore)
      this.findings.note('wrong-content', `${by} ${matchId}: ${homeScore}-${awayScore} beside ${wholeText(content)}`);
    // of the same version, and other content: it says so
    if (fields.restated !== true) this.versions.proven.note(String(matchId), position, wholeText(content), by);
  }
}

function frameOf(type: string, fields: Fields): ReadFrame {
  return {
    type,
    fields,
    matchId: typeof fields.matchId === 'string' ? fields.matchId : null,
    position: parsePosition(fields.position),
    previous: parsePosition(fields.previous),
    matches: type === 'SNAPSHOT' ? listOf(fields.matches).flatMap(shownMatch) : [],
    told: isOfProtocol2(type) ? null : toldBy(type, fields),
  };
}

function shownMatch(view: Fields): readonly ShownMatch[] {
  const position = parsePosition(view.position);
  return position && typeof view.matchId === 'string' ? [{ matchId: view.matchId, position }] : [];
}

/** Only score and status are shown by it: the minute goes on by itself. */
function toldBy(type: string, fields: Fields): ReadFrame['told'] {
  const { epoch, version, homeScore, awayScore, statusId } = fields;
  if (typeof epoch !== 'number' || typeof version !== 'number') return null;
  const hasScore = typeof homeScore === 'number' && typeof statusId === 'number';
  // several goals of one version lead to its score one by one
  const shown = type === 'SCORE_CHANGE' && hasScore ? `${statusId} ${homeScore}-${awayScore}` : null;
  return { version: { epoch, version }, key: `${type} ${repeatKey(type, fields)}`, shown };
}

/** What makes two frames of one type and version the same one: the minute and the clock go on without a version. */
function repeatKey(type: string, { homeScore, awayScore, minute, clock }: Fields): string {
  if (type === 'MINUTE_UPDATE' || type === 'CLOCK_CHANGE') return `${minute ?? ''} ${JSON.stringify(clock)}`;
  return typeof homeScore === 'number' ? `${homeScore}-${awayScore}` : '';
}

function provenContent(fields: Fields): Content | null {
  const scores = fields.scores as { home?: unknown; away?: unknown } | undefined;
  const kickoffs = fields.kickoffs as Record<string, number | null> | undefined;
  if (!Array.isArray(scores?.home) || !Array.isArray(scores.away) || !kickoffs) return null;
  const { firstHalf = null, secondHalf = null, overtime = null } = kickoffs;
  return {
    status: Number(fields.statusId),
    home: scores.home,
    away: scores.away,
    kickoffs: [firstHalf, secondHalf, overtime],
  };
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];
}

function parse(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
  } catch {
    return null;
  }
}
