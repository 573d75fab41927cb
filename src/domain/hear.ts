import { type GuardContext, isFeed } from './guard-case.js';
import {
  type Content,
  continueRun,
  type Heard,
  type HeardEnd,
  type HeardPush,
  LONGEST_PAUSE,
  type NewestPush,
  NOTHING_HEARD,
  notAhead,
  type Question,
  sameContent,
} from './heard.js';
import { laterOf } from './later-of.js';
import type { MatchState } from './match-state.js';
import { isOver } from './match-status.js';
import type { ScoreUpdate } from './match-update.js';
import type { Outcome } from './outcome.js';
import * as outcomes from './outcomes.js';
import { isRestart } from './restart.js';
import { withKnownCorners } from './score.js';

const MAX_ENDS = 8;
/** Provably old, or no state of a match: neither is a word of the feed about this match. */
const UNHEARD: ReadonlySet<Outcome> = new Set([
  outcomes.OLDER_PROVIDER_TIME,
  outcomes.OVERTAKEN,
  outcomes.STATUS_NEVER_SET,
]);
/** Answers that came too soon to answer anything. */
const UNSETTLED: ReadonlySet<Outcome> = new Set([
  outcomes.PULL_TOO_EARLY,
  outcomes.PULL_BEHIND_PUSH,
  outcomes.PULL_OUT_OF_ORDER,
  outcomes.OUTRANKED,
]);

type Listening = Pick<GuardContext, 'nowMs' | 'restLagMs' | 'feedBehind' | 'waited'>;

/**
 * What is heard of the match after the guard judged a received update. Whatever is judged again by our own wish is not
 * received: it never counts.
 * @param state the state the update was judged against
 */
export function hear(
  heard: Heard,
  update: ScoreUpdate,
  outcome: Outcome,
  state: MatchState,
  context: Listening,
): Heard {
  const before = notAhead(heard, context.nowMs);
  const accepted = outcomes.isAccepted(outcome);
  const content = contentOf(update, state);
  const known =
    accepted && isRestart(state.status, state.reached, content.status) ? { ...before, ends: [], run: [] } : before;
  if (update.delivery === 'pull')
    return isTooOld(update, outcome) ? known : hearAnswer(known, update, outcome, content, state, context);
  if (!isFeed(update) || UNHEARD.has(outcome) || context.waited) return known;
  return accepted || sameContent(content, state)
    ? new HeardAccepted(known, new Push(content, update, false, context.nowMs), outcome)
    : hearRefused(known, new Push(content, update, true, context.nowMs), context);
}

/** A list of fixtures may be too old to answer a question about the feed, unless it brought the row to something. */
function isTooOld({ fromList }: ScoreUpdate, { kind }: Outcome): boolean {
  return fromList === true && kind !== 'applied';
}

function contentOf({ score: { status, home, away } }: ScoreUpdate, state: MatchState): Content {
  return { status, home: withKnownCorners(home, state.home), away: withKnownCorners(away, state.away) };
}

/** A push as it is remembered. It is no literal: see "What is taken for old" in docs/performance.md. */
class Push implements NewestPush {
  readonly status: NewestPush['status'];
  readonly home: NewestPush['home'];
  readonly away: NewestPush['away'];
  readonly receivedAtMs: number;

  constructor(
    { status, home, away }: Content,
    readonly update: ScoreUpdate,
    readonly refused: boolean,
    nowMs: number,
  ) {
    this.status = status;
    this.home = home;
    this.away = away;
    this.receivedAtMs = Math.min(update.receivedAtMs, nowMs);
  }
}

/** Every accepted frame comes here: one object for the push, one for the rest, nothing copied. No literal either. */
class HeardAccepted implements Heard {
  readonly newest: NewestPush;
  readonly accepted: NewestPush;
  readonly run: Heard['run'];
  readonly ends: Heard['ends'];
  readonly question: Heard['question'];
  readonly listedAtMs: Heard['listedAtMs'];
  readonly refusals: Heard['refusals'];

  constructor({ ends, run, question, listedAtMs, refusals }: Heard, push: NewestPush, { kind }: Outcome) {
    // a copy of what the row says proves nothing against those who say otherwise now
    const isCopy = push.update.redelivered === true && kind !== 'applied';
    this.newest = push;
    this.accepted = push;
    this.run = isCopy ? run : NOTHING_HEARD.run;
    this.ends = isOver(push.status) ? withEnd(ends, push) : ends;
    this.question = question;
    this.listedAtMs = listedAtMs;
    this.refusals = isCopy ? refusals : null;
  }
}

/** Equal ends one after the other are one: the first of them, or the newest, may be judged again. */
function withEnd(ends: readonly HeardEnd[], push: HeardPush): readonly HeardEnd[] {
  const { status, home, away, receivedAtMs } = push;
  const last = ends.at(-1);
  const firstReceivedAtMs = last && sameContent(last, push) ? last.firstReceivedAtMs : receivedAtMs;
  const end = { status, home, away, receivedAtMs, firstReceivedAtMs };
  return [...ends.filter((other) => !sameContent(other, end)), end].slice(-MAX_ENDS);
}

function hearRefused(heard: Heard, push: NewestPush, { feedBehind }: Listening): Heard {
  const { question, refusals } = heard;
  const opened = {
    ...heard,
    newest: push,
    question: { firstAskedAtMs: null, askedAtMs: null, ...question, openAtMs: push.receivedAtMs },
  };
  if (push.update.redelivered || feedBehind) return opened;
  return {
    ...opened,
    run: continueRun(heard.run, push),
    refusals: { sinceMs: refusals?.sinceMs ?? push.receivedAtMs, count: (refusals?.count ?? 0) + 1 },
  };
}

/** The provider confirms the row, or brings it to what the feed says. */
function hearAnswer(
  heard: Heard,
  update: ScoreUpdate,
  outcome: Outcome,
  content: Content,
  state: MatchState,
  context: Listening,
): Heard {
  const atMs = Math.min(update.requestedAtMs ?? update.receivedAtMs, context.nowMs);
  const listed = {
    ...heard,
    listedAtMs: laterOf(heard.listedAtMs, atMs),
    question: answered(heard, atMs, outcome, { ...context, content, state }),
  };
  const last = heard.run.at(-1);
  if (last && sameContent(content, state) && atMs >= last.receivedAtMs + context.restLagMs) {
    return { ...listed, run: [], refusals: null };
  }
  const isWhatFeedSays = heard.newest !== null && outcomes.isAccepted(outcome) && sameContent(content, heard.newest);
  return isWhatFeedSays ? acceptedAfterAll(listed) : listed;
}

interface Answer extends Listening {
  readonly content: Content;
  readonly state: MatchState;
}

function answered({ question, newest }: Heard, atMs: number, outcome: Outcome, answer: Answer): Question | null {
  if (!question) return null;
  const isAnswer = atMs >= question.openAtMs + answer.restLagMs && !UNSETTLED.has(outcome);
  return isAnswer && !mayBeStuck(question, newest, atMs, outcome, answer) ? null : askedAt(question, atMs);
}

/**
 * The provider confirms the row against the last word of the feed, or says what neither of them does. It may be older than it should be, and nothing more comes
 * of a match out of play: it is asked until it has said so for twice as long as the longest pause.
 */
function mayBeStuck(
  question: Question,
  newest: Heard['newest'],
  atMs: number,
  outcome: Outcome,
  answer: Answer,
): boolean {
  const isNoHelp = outcomes.isRefused(outcome) || sameContent(answer.content, answer.state);
  if (!newest?.refused || !isOver(newest.status) || !isNoHelp) return false;
  return atMs - (question.firstAskedAtMs ?? atMs) < answer.restLagMs * 2 * LONGEST_PAUSE;
}

/** The newest push is in the row after all: it was judged once more, or the provider said the same. */
export function acceptedAfterAll(heard: Heard): Heard {
  return { ...heard, newest: heard.newest && { ...heard.newest, refused: false }, run: [], refusals: null };
}

/** The provider was asked about the match at `atMs`: it may never answer, and is not asked again at once. */
export function asked(heard: Heard, atMs: number): Heard {
  return heard.question ? { ...heard, question: askedAt(heard.question, atMs) } : heard;
}

function askedAt(question: Question, atMs: number): Question {
  return {
    ...question,
    firstAskedAtMs: question.firstAskedAtMs ?? atMs,
    askedAtMs: laterOf(question.askedAtMs, atMs),
  };
}
