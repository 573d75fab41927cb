import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Header, NotFoundException } from '@nestjs/common';
import { packageRoot } from './package-root.js';

/** The scoreboard page: three small files, read once at start, and the package's client, bundled for browsers. */
@Controller()
export class ScoreboardController {
  private readonly page = readPublic('index.html');
  private readonly script = readPublic('scoreboard.js');
  private readonly styles = readPublic('scoreboard.css');

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  index(): string {
    return this.page;
  }

  @Get('scoreboard.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  scoreboardScript(): string {
    return this.script;
  }

  /** Written by scripts/build-client.mjs. */
  @Get('live-client.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  liveClient(): string {
    const path = join(packageRoot(), 'dist', 'app', 'live-client.js');
    if (!existsSync(path)) throw new NotFoundException();
    return readFileSync(path, 'utf8');
  }

  @Get('scoreboard.css')
  @Header('content-type', 'text/css; charset=utf-8')
  scoreboardStyles(): string {
    return this.styles;
  }
}

/** The files stay beside the sources: the compiled code looks for them from the package's root. */
function readPublic(name: string): string {
  return readFileSync(join(packageRoot(), 'examples', 'host', 'public', name), 'utf8');
}
