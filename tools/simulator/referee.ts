import type { Committed, ScoreCommitted } from '../../src/contracts/committed-changes.js';
import type { StoredLetter } from '../../src/dead-letters/ports/dead-letter-store.js';
import { deriveForeignEvents } from '../../src/domain/derive-events.js';
import { MAX_GOALS } from '../../src/domain/guard/jump.js';
import type { MatchEvent, Side } from '../../src/domain/match-event.js';
import type { MatchState } from '../../src/domain/match-state.js';
import { MatchStatus } from '../../src/domain/match-status.js';
import { goals, goalsAbove, isAbove } from '../../src/domain/score.js';
import type { JournalEntry } from '../../src/testing/in-memory-score-row.js';
import { decodeMessage } from '../../src/thesports/decode-message.js';
import { isSame, type MatchStory, type Moment } from './match-story.js';
import type { Claim, Frame } from './simulated-broker.js';
import type { SimulatedDatabase } from './simulated-database.js';

/** What the referee knows of one match. */
interface Match {
  readonly story: MatchStory;
  /** newest moment that was told */
  told: number;
  /** the moment the row shows: the earliest and the latest that it can be, -1 before the first */
  earliest: number;
  latest: number;
  /** what was announced of each version */
  readonly announced: Map<number, string>;
  /** the database refuses the row for good */
  hopeless: boolean;
}

/** Compares everything that happens with the true stories of the matches. Throws at the first fault. */
export class Referee {
  commits = 0;
  facts = 0;
  acknowledgements = 0;
  private readonly matches = new Map<string, Match>();

  constructor(
    private readonly database: SimulatedDatabase,
    /** the broker has sent a frame that says this or something newer of the match, and keeps it */
    private readonly isHeld: (claim: Claim) => boolean,
  ) {}

  begin(story: MatchStory): void {
    const match = { story, told: -1, earliest: -1, latest: -1, announced: new Map(), hopeless: false };
    this.matches.set(story.matchId, match);
  }

  /** The match has reached this moment: only now may anybody know. */
  told({ matchId, state }: Claim): void {
    const match = this.match(matchId);
    match.told = Math.max(match.told, state);
  }

  giveUp(matchId: string): void {
    this.match(matchId).hopeless = true;
  }

  /**
   * A commit shows a moment of the match, one that was told, and none before the one it replaces. One thing nobody can
   * tell: whether a frame with higher counts than the provider's answer is news, or was held back by the broker since
   * before goals were taken back of which the answer knew.
   */
  committed({ matchId, version, after }: JournalEntry, before: MatchState): void {
    this.commits++;
    const match = this.match(matchId);
    if (version !== before.version + 1) throw faulty(matchId, `version ${version} follows ${before.version}`);
    const from = before.scoreSource === 'api' && nothingFalls(before, after) ? 0 : Math.max(0, match.earliest);
    const earliest = momentOf(match, after, from);
    if (earliest === null)
      throw faulty(
        matchId,
        `version ${version} shows ${show(after)}, and the row had been at moment ${match.earliest}`,
      );
    match.earliest = earliest;
    match.latest = Math.max(match.latest, latestMomentOf(match, after));
  }

  /**
   * The broker forgets its copy: the effect of the frame, or of a newer one, or a dead letter is in the database. Of a
   * frame that was superseded the newer one may still wait for its letter, if the broker keeps that. One that says less
   * than the provider's answer, or plays on after the end that it told, or counts more goals at once than one frame is believed, is left to the provider's next
   * answer or the next frame: the end of the story tells whether it came.
   */
  acknowledged({ about, payload }: Frame): void {
    this.acknowledgements++;
    for (const claim of about) {
      const { matchId, state } = claim;
      const match = this.match(matchId);
      if (this.shown(match) >= state || this.parked(match) >= state || this.isHeld(claim)) continue;
      if (this.saysLess(match, state) || this.jumps(match, state)) continue;
      if (match.hopeless && this.hasLetter('cannot-be-written', (letter) => letter.matchId === matchId)) continue;
      throw faulty(
        matchId,
        `a frame of moment ${state} was acknowledged, the row shows moment ${match.latest}, its letter ${this.parked(match)}`,
      );
    }
    if (about.length === 0 && !this.hasLetter('malformed', (letter) => same(letter.payload, payload))) {
      throw new SimulationFault('Rubbish was acknowledged that is no dead letter');
    }
  }

  announced(batch: readonly Committed[]): void {
    for (const fact of batch) if (fact.kind === 'score') this.announcedScore(fact);
  }

  /** Everything has settled: every row is its story's end, as far as it was told. */
  settled(): void {
    for (const { story, told, hopeless } of this.matches.values()) {
      if (hopeless || told < 0) continue;
      const { matchId } = story;
      const row = this.database.row(matchId);
      const truth = story.moments[told] as MatchState;
      if (!row || !isSame(truth, row)) {
        throw faulty(matchId, `the row is ${row ? show(row) : 'missing'}, the truth ${show(truth)}`);
      }
    }
  }

  /** Only what was committed; the same every time; and no goal is taken back that was not. */
  private announcedScore({ matchId, version, before, after, events }: ScoreCommitted): void {
    this.facts++;
    const match = this.match(matchId);
    const entry = this.database.journal.get(matchId)?.[version - 1];
    if (entry?.version !== version) throw faulty(matchId, `version ${version} was announced and never committed`);
    const content = show(after);
    if (show(entry.after) !== content)
      throw faulty(matchId, `version ${version} is ${show(entry.after)}, announced ${content}`);
    const known = match.announced.get(version);
    if (known !== undefined && known !== content)
      throw faulty(matchId, `version ${version} was ${known}, is now ${content}`);
    match.announced.set(version, content);
    for (const event of events) this.checkEvent(match, version, event);
    if (events.length === 0 && deriveForeignEvents(before, after).length > 0) {
      throw faulty(matchId, `version ${version} was announced without its events`);
    }
  }

  private checkEvent(match: Match, version: number, event: MatchEvent): void {
    if (event.type === 'goal-cancelled' && !everFell(match, event.side)) {
      throw faulty(
        match.story.matchId,
        `version ${version} takes back a goal (${event.side}) that was never taken back`,
      );
    }
  }

  private saysLess({ story }: Match, moment: number): boolean {
    const row = this.database.row(story.matchId);
    if (row?.scoreSource !== 'api') return false;
    const said = story.moments[moment] as Moment;
    return !nothingFalls(row, said) || (row.status === MatchStatus.Ended && said.status !== MatchStatus.Ended);
  }

  private jumps({ story }: Match, moment: number): boolean {
    const row = this.database.row(story.matchId);
    return row?.scoreSource != null && goalsAbove(story.moments[moment] as Moment, row) > MAX_GOALS;
  }

  /** The latest moment that looks like the row. */
  private shown(match: Match): number {
    if (match.latest >= 0) match.latest = latestMomentOf(match, this.database.row(match.story.matchId) as MatchState);
    return match.latest;
  }

  /** The latest moment of the match that one of its parked letters tells; -1 when there is none. */
  private parked(match: Match): number {
    const letters = this.database.letters.parkedLetters(match.story.matchId);
    return Math.max(-1, ...letters.map((letter) => momentInLetter(match, letter)));
  }

  private hasLetter(
    reason: string,
    isMeant: (letter: { matchId: string | null; payload: Uint8Array }) => boolean,
  ): boolean {
    for (const letter of this.database.letters.letters.values()) {
      if (letter.reason === reason && isMeant(letter)) return true;
    }
    return false;
  }

  private match(matchId: string): Match {
    const match = this.matches.get(matchId);
    if (!match) throw new SimulationFault(`Nobody told of ${matchId}`);
    return match;
  }
}

/** Something happened that must never happen. */
export class SimulationFault extends Error {
  constructor(
    message: string,
    readonly matchId: string | null = null,
  ) {
    super(matchId === null ? message : `${matchId}: ${message}`);
  }
}

function faulty(matchId: string, message: string): SimulationFault {
  return new SimulationFault(message, matchId);
}

type Shown = Pick<MatchState, 'status' | 'home' | 'away'>;

/** The first told moment from `from` on that looks like this; null when none does. */
function momentOf({ story, told }: Match, shown: Shown, from: number): number | null {
  for (let n = from; n <= told; n++) if (isSame(story.moments[n] as MatchState, shown)) return n;
  return null;
}

function latestMomentOf({ story, told }: Match, shown: Shown): number {
  return story.moments.slice(0, told + 1).findLastIndex((moment) => isSame(moment, shown));
}

function momentInLetter(match: Match, { receivedAtMs, payload }: StoredLetter): number {
  const origin = { source: 'mqtt', delivery: 'push', receivedAtMs, requestedAtMs: null } as const;
  const { updates } = decodeMessage(payload, origin);
  const score = updates.find(({ matchId }) => matchId === match.story.matchId)?.score;
  return score ? latestMomentOf(match, score) : -1;
}

function nothingFalls(before: Moment, after: Moment): boolean {
  return !isAbove(before.home, after.home) && !isAbove(before.away, after.away);
}

function everFell({ story, told }: Match, side: Side): boolean {
  const counts = story.moments.slice(0, told + 1).map((moment) => goals(moment[side]));
  return counts.some((count, n) => count < (counts[n - 1] ?? 0));
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one === other || Buffer.compare(one, other) === 0;
}

function show({ status, home, away }: Shown): string {
  return `${status} ${home} - ${away}`;
}
