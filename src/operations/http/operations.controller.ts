import { Controller, Get, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import { AntiForgery } from '../access/anti-forgery.js';
import { OperationsGuard } from '../access/operations-guard.js';
import { FactsAnswer } from '../facts-answer.js';
import { LetterAnswers } from '../letter-answers.js';
import { MatchAnswers } from '../match-answers.js';
import { Answering } from './answering.js';
import { PageFiles } from './page-files.js';
import { PageReply } from './page-reply.js';
import type { PageRequest } from './page-request.js';

/** The page, its files and what it reads: ordinary routes of the host, behind its guards, its prefix and its versions. */
@Controller()
@UseGuards(OperationsGuard)
export class OperationsController {
  private readonly files = new PageFiles();

  constructor(
    private readonly reply: PageReply,
    private readonly answering: Answering,
    private readonly forgery: AntiForgery,
    private readonly facts: FactsAnswer,
    private readonly matches: MatchAnswers,
    private readonly letters: LetterAnswers,
  ) {}

  @Get()
  page(@Req() request: PageRequest, @Res() response: unknown): void {
    this.reply.send(response, this.files.page(request));
  }

  @Get('start.js')
  start(@Req() request: PageRequest, @Res() response: unknown): void {
    this.reply.send(response, this.files.start(request));
  }

  @Get('page.js')
  script(@Req() request: PageRequest, @Res() response: unknown): void {
    this.reply.send(response, this.files.js(request));
  }

  @Get('page.css')
  styles(@Req() request: PageRequest, @Res() response: unknown): void {
    this.reply.send(response, this.files.css(request));
  }

  @Get('facts')
  allFacts(@Query('since') since: unknown, @Req() request: PageRequest, @Res() response: unknown): Promise<void> {
    return this.answering.run(request, response, async () => {
      const { token, cookie } = this.forgery.issue(request);
      const body = await this.facts.to(request, token, since);
      return { status: 200, body, cookies: cookie === null ? [] : [cookie] };
    });
  }

  @Get('match/:matchId')
  match(@Param('matchId') matchId: string, @Req() request: PageRequest, @Res() response: unknown): Promise<void> {
    return this.answering.run(request, response, async () => ({ status: 200, body: await this.matches.of(matchId) }));
  }

  @Get('search')
  search(@Query('text') text: unknown, @Req() request: PageRequest, @Res() response: unknown): Promise<void> {
    return this.answering.run(request, response, async () => ({ status: 200, body: await this.matches.search(text) }));
  }

  @Get('dead-letters')
  letterList(@Query() query: unknown, @Req() request: PageRequest, @Res() response: unknown): Promise<void> {
    return this.answering.run(request, response, async () => ({ status: 200, body: await this.letters.list(query) }));
  }

  @Get('dead-letters/:id')
  letter(@Param('id') id: string, @Req() request: PageRequest, @Res() response: unknown): Promise<void> {
    return this.answering.run(request, response, async () => ({ status: 200, body: await this.letters.one(id) }));
  }
}
