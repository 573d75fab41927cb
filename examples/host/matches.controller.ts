import type { ServerResponse } from 'node:http';
import { Controller, Get, NotFoundException, Optional, Param, Res } from '@nestjs/common';
import { CachedReads, Clock, FeedFreshness, isLive, MatchTimes } from '../../src/index.js';
import { MatchReader } from './match-reader.js';
import { type MatchView, matchView, type StoredMatch } from './match-view.js';
import { SharedAnswer } from './shared-answer.js';

const LONGEST_ID = 255;

/** Nothing else can be in the column: the database is not asked, and no cache keeps that it is not there. */
function isId(text: string): boolean {
  return text.length <= LONGEST_ID && !/\p{C}/u.test(text);
}

/** REST of the platform's list and detail pages. */
@Controller('api/matches')
export class MatchesController {
  private readonly liveList = new SharedAnswer(async () =>
    this.views(await this.cached.liveMatches(() => this.matches.live())),
  );
  private readonly finishedList = new SharedAnswer(async () => this.views(await this.matches.finished()));

  constructor(
    private readonly matches: MatchReader,
    private readonly cached: CachedReads,
    private readonly clock: Clock,
    private readonly times: MatchTimes,
    // a gateway has no feed
    @Optional() private readonly freshness?: FeedFreshness,
  ) {}

  @Get('live')
  live(@Res({ passthrough: true }) response: ServerResponse): Promise<string> {
    return this.liveList.to(response);
  }

  @Get('finished')
  finished(@Res({ passthrough: true }) response: ServerResponse): Promise<string> {
    return this.finishedList.to(response);
  }

  @Get(':id')
  async match(@Param('id') id: string): Promise<MatchView> {
    const match = isId(id) ? await this.cached.match(id, () => this.matches.match(id)) : null;
    if (!match) throw new NotFoundException('No such match');
    return this.view(match);
  }

  private views(matches: readonly StoredMatch[]): MatchView[] {
    return matches.map((match) => this.view(match));
  }

  private view(match: StoredMatch): MatchView {
    const feed = isLive(match.status) ? (this.freshness?.of(match.externalId) ?? null) : null;
    return matchView(match, this.clock.nowMs(), feed, this.times);
  }
}
