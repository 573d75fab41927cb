import { Controller, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { AntiForgery } from '../access/anti-forgery.js';
import { OperationsGuard } from '../access/operations-guard.js';
import { ActionDesk } from '../actions/action-desk.js';
import { Answering } from './answering.js';
import { jsonBodyOf } from './json-body.js';
import type { PageRequest } from './page-request.js';

/** What the page changes: every request comes from the page itself, and shows its token. */
@Controller()
@UseGuards(OperationsGuard)
export class ActionsController {
  constructor(
    private readonly answering: Answering,
    private readonly forgery: AntiForgery,
    private readonly desk: ActionDesk,
  ) {}

  @Post('actions/:name')
  act(
    @Param('name') name: string,
    @Query('preview') preview: unknown,
    @Req() request: PageRequest,
    @Res() response: unknown,
  ): Promise<void> {
    return this.answering.run(request, response, async () => {
      this.forgery.check(request);
      const body = jsonBodyOf(request);
      const asked = { name, body, request };
      return { status: 200, body: preview === undefined ? await this.desk.act(asked) : await this.desk.preview(asked) };
    });
  }
}
