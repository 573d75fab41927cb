import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { Connection, type LiveRequest, type LiveResponse } from './http-exchange.js';
import { forOneReader, type LiveAnswer, unlessKnown } from './live-answer.js';
import { LiveReaders, type Wish } from './live-readers.js';
import type { Visitor } from './waiting-room.js';

/**
 * `GET /live/snapshot` and `GET /live/matches/:id`: the state that the WebSocket endpoint shows, for readers without sockets and
 * caches between. See docs/live-http.md. Ordinary routes of the host: its guards and its global prefix hold for them.
 */
@Controller('live')
export class LiveController {
  constructor(private readonly readers: LiveReaders) {}

  @Get('snapshot')
  snapshot(@Query('since') since: unknown, @Req() request: LiveRequest, @Res() response: LiveResponse): Promise<void> {
    return this.exchange(since, request, response, (wish, visitor) => this.readers.ofList(wish, visitor));
  }

  @Get('matches/:id')
  match(
    @Param('id') id: string,
    @Query('since') since: unknown,
    @Req() request: LiveRequest,
    @Res() response: LiveResponse,
  ): Promise<void> {
    return this.exchange(since, request, response, (wish, visitor) => this.readers.ofMatch(id, wish, visitor));
  }

  private async exchange(
    since: unknown,
    { method, headers }: LiveRequest,
    response: LiveResponse,
    read: (wish: Wish, visitor: Visitor) => Promise<LiveAnswer>,
  ): Promise<void> {
    const connection = new Connection(response);
    const answer = unlessKnown(await read({ since, mayWait: method !== 'HEAD' }, connection), headers['if-none-match']);
    const own = headers.authorization === undefined ? answer : forOneReader(answer);
    connection.send(this.readers.isClosing ? { ...own, headers: { ...own.headers, connection: 'close' } } : own);
  }
}
