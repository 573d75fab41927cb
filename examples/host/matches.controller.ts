import { Controller, Get, NotFoundException, Param } from '@nestjs/common';
import { CachedReads } from '../../src/index.js';
import { MatchReader, type MatchView } from './match-reader.js';

/** REST of the platform's list and detail pages. */
@Controller('api/matches')
export class MatchesController {
  constructor(
    private readonly matches: MatchReader,
    private readonly cached: CachedReads,
  ) {}

  @Get('live')
  live(): Promise<MatchView[]> {
    return this.cached.liveMatches(() => this.matches.live());
  }

  @Get('finished')
  finished(): Promise<MatchView[]> {
    return this.matches.finished();
  }

  @Get(':id')
  async match(@Param('id') id: string): Promise<MatchView> {
    const match = await this.cached.match(id, () => this.matches.match(id));
    if (!match) throw new NotFoundException(`No match ${id}`);
    return match;
  }
}
