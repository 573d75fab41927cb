import { Injectable, Optional } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { isLive, isMatchStatus } from '../domain/match-status.js';
import { ExplainAnswer } from '../health/explain-answer.js';
import { Clock } from '../kernel/clock.js';
import { within } from '../kernel/deadline.js';
import { Scheduler } from '../kernel/scheduler.js';
import { ReadDatabase } from '../postgres/database.js';
import { sqlState } from '../postgres/sql-state.js';
import { type Pin, RolloutReads } from '../rollout/ports/rollout-reads.js';
import { LiveReads, type SingleMatch } from './adapters/pg/live-reads.js';
import { MatchHistory } from './adapters/pg/match-history.js';
import type { LiveMatch, MatchAnswer, MatchRow, SearchAnswer, TimelineEntry } from './facts.js';
import { RefusedError } from './operations.errors.js';
import { ToldScores } from './recorded/told-scores.js';
import { ALWAYS } from './recorded/window.js';
import { SharedQuestions } from './shared-questions.js';

const LONGEST_ID = 255;
const SHORTEST_SEARCH = 2;
const LONGEST_SEARCH = 100;
const MOST_ENTRIES = 1_000;
const TIMEOUT_MS = 2_000;
/** However many look at one match: it is asked about once a second. */
const FRESH_MS = 1_000;
const MOST_MATCHES = 50;
const BAD_REQUEST = 400;

/** What the database says of one match. */
interface Known {
  readonly row: SingleMatch | null;
  readonly pin: Pin | null;
  readonly history: readonly TimelineEntry[];
}

const NOTHING_KNOWN: Known = { row: null, pin: null, history: [] };

/** Why one match is as it is, and which match is meant. */
@Injectable()
export class MatchAnswers {
  private readonly asked = new LRUCache<string, Promise<Known>>({ max: MOST_MATCHES, ttl: FRESH_MS });
  private readonly searches: SharedQuestions<readonly LiveMatch[]>;

  constructor(
    private readonly explain: ExplainAnswer,
    private readonly scores: ToldScores,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Optional() private readonly reads?: LiveReads,
    @Optional() private readonly database?: ReadDatabase,
    @Optional() private readonly rollout?: RolloutReads,
  ) {
    this.searches = new SharedQuestions(scheduler);
  }

  /** @throws RefusedError when that can be no id */
  async of(matchId: string): Promise<MatchAnswer> {
    if (matchId.trim() === '' || matchId.length > LONGEST_ID || matchId.includes('\0')) {
      throw new RefusedError(
        BAD_REQUEST,
        'LIVESCORE_NO_MATCH_ID',
        `the id of a match has 1 to ${LONGEST_ID} characters`,
      );
    }
    const { row, pin, history, error } = await this.known(matchId);
    const explanation = this.explain.explain(matchId);
    const timeline = [...history, ...explanation.decisions.map(toFrame), ...this.goalsOf(matchId)];
    return {
      nowMs: this.clock.nowMs(),
      matchId,
      row: row && toRow(row),
      error,
      pin,
      explanation,
      timeline: timeline.sort((a, b) => a.atMs - b.atMs).slice(-MOST_ENTRIES),
    };
  }

  /** @throws RefusedError when the text is too short or too long, or the answer late */
  async search(given: unknown): Promise<SearchAnswer> {
    const text = typeof given === 'string' ? given.trim() : '';
    if (text.length < SHORTEST_SEARCH || text.length > LONGEST_SEARCH || text.includes('\0')) {
      const message = `text must have ${SHORTEST_SEARCH} to ${LONGEST_SEARCH} characters`;
      throw new RefusedError(BAD_REQUEST, 'LIVESCORE_NO_SEARCH', message);
    }
    return { text, matches: await this.searches.ask(text, async () => (await this.reads?.search(text)) ?? []) };
  }

  private async known(matchId: string): Promise<Known & { readonly error: string | null }> {
    try {
      const known = await within(this.askOnce(matchId), TIMEOUT_MS, this.scheduler);
      return known ? { ...known, error: null } : { ...NOTHING_KNOWN, error: 'late' };
    } catch (error) {
      this.asked.delete(matchId);
      return { ...NOTHING_KNOWN, error: sqlState(error) ?? 'no answer' };
    }
  }

  private askOnce(matchId: string): Promise<Known> {
    const asking = this.asked.get(matchId);
    if (asking) return asking;
    const asked = this.ask(matchId);
    this.asked.set(matchId, asked);
    return asked;
  }

  private async ask(matchId: string): Promise<Known> {
    if (!this.reads || !this.database) return NOTHING_KNOWN;
    const row = await this.reads.match(matchId);
    const pin = (await this.rollout?.pinOf(matchId)) ?? null;
    return { row, pin, history: await new MatchHistory(this.database).of(matchId) };
  }

  private goalsOf(matchId: string): readonly TimelineEntry[] {
    const goals = this.scores.goals(ALWAYS).filter((goal) => goal.matchId === matchId);
    return goals.map(({ atMs, kind, score, version }) => ({
      lane: 'announced',
      atMs,
      kind,
      text: score.join('-'),
      version,
    }));
  }
}

function toFrame({ at, ...decision }: MatchAnswer['explanation']['decisions'][number]): TimelineEntry {
  return { lane: 'frame', atMs: at, ...decision };
}

function toRow({ startS, providerS, ...row }: SingleMatch): MatchRow {
  return {
    ...row,
    kickoffAtMs: startS === null ? null : startS * 1_000,
    providerTimeMs: providerS === null ? null : providerS * 1_000,
    isLive: isMatchStatus(row.status) && isLive(row.status),
  };
}
