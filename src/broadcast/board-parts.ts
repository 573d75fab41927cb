import { Injectable, Optional } from '@nestjs/common';
import { MatchBoard } from './board/match-board.js';
import { BoardReader } from './board-reader.service.js';
import { BroadcastFeed } from './broadcast-feed.js';
import { VersionHistory } from './ports/version-history.js';

/** The board, with what fills it: the feed, the reader of the database, and the journal, where there is one. */
@Injectable()
export class BoardParts {
  constructor(
    readonly board: MatchBoard,
    readonly feed: BroadcastFeed,
    readonly reader: BoardReader,
    @Optional() readonly history?: VersionHistory,
  ) {}
}
