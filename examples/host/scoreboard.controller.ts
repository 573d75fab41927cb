import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Controller, Get, Header } from '@nestjs/common';

/** The scoreboard page: three small files, read once at start. */
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

function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) {
    if (directory === dirname(directory)) throw new Error('The scoreboard page is not beside its sources');
    directory = dirname(directory);
  }
  return directory;
}
