import { createHash } from 'node:crypto';
import { MatchStatus } from '../domain/match-status.js';
import { decideMarket, type Verdict } from '../domain/settlement/decide-market.js';
import type { Goals, Market } from '../domain/settlement/market.js';
import { readMarket } from '../domain/settlement/market-text.js';
import { afterStep, afterTime, afterWord, nextMomentMs } from '../domain/settlement/settlement-fold.js';
import {
  type CommittedStep,
  EMPTY_PATH,
  type SettlementLimits,
  type SettlementPath,
  type SettlementWord,
} from '../domain/settlement/settlement-path.js';
import {
  type PredictionText,
  type Ruling,
  type SettledSoFar,
  UNFINISHED,
  type UnsettledMatch,
} from './ports/prediction-repository.js';

/** No commit before a moment can still be on its way that long after it, ms. */
const GRACE_MS = 5_000;

/** One turn of a match: where its path stands then, and what that decides otherwise than before. */
export interface PlannedStep extends Turn {
  readonly rulings: readonly Ruling[];
  /** the last one: predictions that came later are decided by it, too */
  readonly isNewest: boolean;
  /** signature of the predictions that were asked about; see {@link UNFINISHED} */
  readonly predictions: number;
}

export interface SettlementPlan {
  readonly steps: readonly PlannedStep[];
  /** texts that no market has */
  readonly unknown: readonly PredictionText[];
}

interface Question {
  readonly text: PredictionText;
  readonly market: Market;
}

/**
 * Folds what is unsettled of a match, version by version, word by word and moment by moment, and rules on each text wherever
 * its verdict changes. Turns that change none are part of the next one.
 * @param wasPlayed the incidents of the row tell of play; see {@link endedUnseen}
 */
export function planSettlement(match: UnsettledMatch, wasPlayed: boolean, limits: SettlementLimits): SettlementPlan {
  const { sofar, texts, isMore } = match;
  const questions = texts.flatMap(toQuestion);
  const known = new Set(questions.map(({ text }) => text));
  const { turns, start } = foldOf(match, wasPlayed, limits);
  const isRedone = isBeingRedone(sofar);
  let before = start;
  const steps = turns.flatMap((turn, n): readonly PlannedStep[] => {
    const { path } = turn;
    const isLast = n === turns.length - 1;
    const changed = isRedone ? [] : questions.filter((question) => isChanged(question, before, path, limits));
    before = path;
    if (changed.length === 0 && !isLast) return [];
    const isNewest = isLast && !isMore;
    const asked = isNewest && mayBeLate(match) ? questions : changed;
    const unfinished = isRedone ? UNFINISHED.redone : UNFINISHED.inOrder;
    const predictions = isNewest ? match.signature : unfinished;
    return [{ ...turn, rulings: asked.map((question) => rulingOn(question, path, limits)), isNewest, predictions }];
  });
  return { steps, unknown: texts.filter((text) => !known.has(text)) };
}

/** Was the match over without anybody having seen it played? Then the incidents of its row are asked. */
export function endedUnseen(match: UnsettledMatch, limits: SettlementLimits): boolean {
  const { turns, start } = foldOf(match, false, limits);
  const { out, played } = turns.at(-1)?.path ?? start;
  return !played && out?.status === MatchStatus.Ended;
}

/** All of its versions are folded again, and only what comes out is ruled on. */
function isBeingRedone(sofar: SettledSoFar | null): boolean {
  return sofar !== null && (sofar.path.version < 0 || sofar.predictions === UNFINISHED.redone);
}

/** Predictions that no earlier step can have decided: they came or changed since, or somebody wants all of them looked at. */
function mayBeLate({ sofar, signature, mode }: UnsettledMatch): boolean {
  if (!sofar || sofar.path.version < 0 || sofar.mode !== mode) return true;
  return sofar.predictions !== signature;
}

function toQuestion(text: PredictionText): readonly Question[] {
  const market = readMarket(text.prediction, text.threshold);
  return market ? [{ text, market }] : [];
}

interface Turn {
  readonly path: SettlementPath;
  readonly words: readonly SettlementWord[];
  /** how many of the words are part of the path */
  readonly heard: number;
}

interface Folded {
  readonly start: SettlementPath;
  readonly turns: readonly Turn[];
}

/** Every turn of the path, in order; one that stands still where predictions came late and there is nothing to fold. */
function foldOf(match: UnsettledMatch, wasPlayed: boolean, limits: SettlementLimits): Folded {
  const { sofar, steps, before, last, nowMs } = match;
  const isGoingOn = sofar !== null && sofar.path.version >= 0;
  const start = isGoingOn ? sofar.path : startOf(before);
  const { words = [], heard = 0 } = sofar ?? {};
  const fold = new Fold({ path: start, words, heard }, isGoingOn ? last : null, limits);
  const unheard = words.slice(heard);
  const doubt = newFormat(match, unheard, start);
  if (doubt) fold.say(doubt);
  const untilMs = match.isMore ? (steps.at(-1)?.atMs ?? 0) : Number.POSITIVE_INFINITY;
  const due = unheard.filter(({ atMs }) => atMs <= untilMs);
  for (const event of inTime(steps, due)) {
    fold.timeUntil(event.atMs);
    if ('says' in event) fold.word(event);
    else fold.step(event);
  }
  if (!match.isMore) {
    if (wasPlayed) fold.say({ atMs: nowMs, says: 'played' });
    fold.timeUntil(nowMs - GRACE_MS);
  }
  if (fold.turns.length === 0 && mayBeLate(match)) fold.turns.push(fold.now);
  return { start, turns: fold.turns };
}

/** A format is known before the versions that are folded now: a half-time among them is not told first and doubted then. */
function newFormat(
  { format, steps, isMore, nowMs }: UnsettledMatch,
  unheard: readonly SettlementWord[],
  start: SettlementPath,
): SettlementWord | null {
  if (isMore && unheard.length > 0) return null;
  const said = unheard.findLast((word) => word.says === 'format');
  if (format === (said?.format ?? start.format)) return null;
  return { atMs: (steps[0]?.atMs ?? nowMs + 1) - 1, says: 'format', format };
}

function inTime(steps: readonly CommittedStep[], words: readonly SettlementWord[]) {
  return [...steps, ...words].sort((a, b) => a.atMs - b.atMs || Number('says' in a) - Number('says' in b));
}

/** What was true before the journal began. */
function startOf(before: CommittedStep | null): SettlementPath {
  return before ? afterStep(EMPTY_PATH, before) : EMPTY_PATH;
}

class Fold {
  readonly turns: Turn[] = [];

  /** @param last the version that a word is about */
  constructor(
    public now: Turn,
    private last: CommittedStep | null,
    private readonly limits: SettlementLimits,
  ) {}

  step(step: CommittedStep): void {
    this.last = step;
    this.move({ path: afterStep(this.now.path, step) });
  }

  timeUntil(untilMs: number): void {
    for (;;) {
      const { path } = this.now;
      const atMs = nextMomentMs(path, this.limits);
      if (atMs === null || atMs > untilMs) return;
      this.move({ path: afterTime(path, this.limits) });
    }
  }

  word(word: SettlementWord): void {
    this.move({ path: afterWord(this.now.path, word, this.last), heard: this.now.heard + 1 });
  }

  /** A word that nobody has noted yet. */
  say(word: SettlementWord): void {
    this.now = { ...this.now, words: [...this.now.words, word] };
    this.word(word);
  }

  private move(moved: Partial<Turn>): void {
    this.now = { ...this.now, ...moved };
    this.turns.push(this.now);
  }
}

function isChanged({ market }: Question, before: SettlementPath, after: SettlementPath, limits: SettlementLimits) {
  const [then, now] = [decideMarket(market, before, limits), decideMarket(market, after, limits)];
  return fingerprintOf(market, then) !== fingerprintOf(market, now);
}

const RESULTS = { won: 'won', lost: 'lost', void: 'cancelled', open: 'pending', awaiting: 'pending' } as const;

function rulingOn({ text, market }: Question, path: SettlementPath, limits: SettlementLimits): Ruling {
  const verdict = decideMarket(market, path, limits);
  return {
    prediction: text.prediction,
    threshold: text.threshold,
    verdict: verdict.verdict,
    result: RESULTS[verdict.verdict],
    certainty: verdict.certainty,
    reason: verdict.reason,
    market: market.key,
    rule: market.rule,
    ruleVersion: market.ruleVersion,
    period: market.period,
    basis: scoreText(verdict.basis),
    score: scoreText(verdict.score),
    deadlineMs: verdict.deadlineMs,
    fingerprint: createHash('sha256').update(fingerprintOf(market, verdict)).digest('hex'),
  };
}

/** What a verdict says: neither when it was said, nor by which version. */
function fingerprintOf({ key, ruleVersion }: Market, { verdict, certainty, reason, basis }: Verdict): string {
  return [key, ruleVersion, verdict, certainty, reason, scoreText(basis) ?? '-'].join('|');
}

function scoreText(goals: Goals | null): string | null {
  return goals && `${goals.home}-${goals.away}`;
}
