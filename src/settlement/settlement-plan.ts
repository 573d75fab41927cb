import { createHash } from 'node:crypto';
import { MatchStatus } from '../domain/match-status.js';
import { decideMarket, type Verdict } from '../domain/settlement/decide-market.js';
import type { Goals, Market } from '../domain/settlement/market.js';
import { readMarket } from '../domain/settlement/market-text.js';
import {
  afterStep,
  afterTime,
  afterWord,
  type CommittedStep,
  EMPTY_PATH,
  nextMomentMs,
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
export interface PlannedStep {
  readonly path: SettlementPath;
  readonly words: readonly SettlementWord[];
  readonly rulings: readonly Ruling[];
  /** the last one: predictions that came later are decided by it, too */
  readonly isNewest: boolean;
  /** how many predictions were asked about; see {@link UNFINISHED} */
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
  const steps = turns.flatMap(({ path, words }, n): readonly PlannedStep[] => {
    const isLast = n === turns.length - 1;
    const changed = isRedone ? [] : questions.filter((question) => isChanged(question, before, path, limits));
    before = path;
    if (changed.length === 0 && !isLast) return [];
    const isNewest = isLast && !isMore;
    const asked = isNewest && mayBeLate(match) ? questions : changed;
    const unfinished = isRedone ? UNFINISHED.redone : UNFINISHED.inOrder;
    const predictions = isNewest ? countOf(texts) : unfinished;
    return [{ path, words, rulings: asked.map((question) => rulingOn(question, path, limits)), isNewest, predictions }];
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

/** Predictions that no earlier step can have decided: they came since, or somebody wants all of them looked at. */
function mayBeLate({ sofar, texts, mode }: UnsettledMatch): boolean {
  if (!sofar || sofar.path.version < 0 || sofar.mode !== mode) return true;
  return sofar.predictions !== countOf(texts);
}

function countOf(texts: readonly PredictionText[]): number {
  return texts.reduce((sum, { count }) => sum + count, 0);
}

function toQuestion(text: PredictionText): readonly Question[] {
  const market = readMarket(text.prediction, text.threshold);
  return market ? [{ text, market }] : [];
}

interface Turn {
  readonly path: SettlementPath;
  readonly words: readonly SettlementWord[];
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
  const fold = new Fold(start, sofar?.words ?? [], isGoingOn ? last : null, limits);
  const unheard = sofar ? sofar.words.slice(sofar.heard) : [];
  for (const event of inTime(steps, match.isMore ? [] : unheard)) {
    fold.timeUntil(event.atMs);
    if ('says' in event) fold.word(event);
    else fold.step(event);
  }
  if (!match.isMore) {
    if (match.format !== fold.path.format) fold.say({ atMs: nowMs, says: 'format', format: match.format });
    if (wasPlayed) fold.say({ atMs: nowMs, says: 'played' });
    fold.timeUntil(nowMs - GRACE_MS);
  }
  if (fold.turns.length === 0 && mayBeLate(match)) fold.turns.push({ path: fold.path, words: fold.words });
  return { start, turns: fold.turns };
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

  constructor(
    public path: SettlementPath,
    public words: readonly SettlementWord[],
    /** the version that a word is about */
    private last: CommittedStep | null,
    private readonly limits: SettlementLimits,
  ) {}

  step(step: CommittedStep): void {
    this.last = step;
    this.move(afterStep(this.path, step));
  }

  timeUntil(untilMs: number): void {
    for (;;) {
      const atMs = nextMomentMs(this.path, this.limits);
      if (atMs === null || atMs > untilMs) return;
      this.move(afterTime(this.path, this.limits));
    }
  }

  word(word: SettlementWord): void {
    this.move(afterWord(this.path, word, this.last));
  }

  /** A word that nobody has noted yet. */
  say(word: SettlementWord): void {
    this.words = [...this.words, word];
    this.word(word);
  }

  private move(path: SettlementPath): void {
    this.path = path;
    this.turns.push({ path, words: this.words });
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
