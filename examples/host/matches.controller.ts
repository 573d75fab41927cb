import { Controller, Get, NotFoundException, Param } from '@nestjs/common';
import { CachedReads, Clock } from '../../src/index.js';
import { MatchReader } from './match-reader.js';
import { type MatchView, matchView, type StoredMatch } from './match-view.js';

/** REST of the platform's list and detail pages. */
@Controller('api/matches')
export class MatchesController {
  constructor(
    private readonly matches: MatchReader,
    private readonly cached: CachedReads,
    private readonly clock: Clock,
  ) {}

  @Get('live')
  async live(): Promise<MatchView[]> {
    return this.views(await this.cached.liveMatches(() => this.matches.live()));
  }

  @Get('finished')
  async finished(): Promise<MatchView[]> {
    return this.views(await this.matches.finished());
  }

  @Get(':id')
  async match(@Param('id') id: string): Promise<MatchView> {
    const match = await this.cached.match(id, () => this.matches.match(id));
    if (!match) throw new NotFoundException(`No match ${id}`);
    return matchView(match, this.clock.nowMs());
  }

  private views(matches: readonly StoredMatch[]): MatchView[] {
    const nowMs = this.clock.nowMs();
    return matches.map((match) => matchView(match, nowMs));
  }
}
