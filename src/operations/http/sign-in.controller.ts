import { createHash } from 'node:crypto';
import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { isSameOrigin } from '../access/anti-forgery.js';
import { noSuchRoute } from '../access/operations-guard.js';
import { Sessions } from '../access/sessions.js';
import { SignInAttempts } from '../access/sign-in-attempts.js';
import type { PageAnswer } from './page-answer.js';
import { PageReply } from './page-reply.js';
import { type PageRequest, pathOf } from './page-request.js';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:20rem;margin:20vh auto;padding:0 1rem;color-scheme:light dark}
input,button{font:inherit;width:100%;padding:.5rem;margin:.25rem 0;box-sizing:border-box}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;
/** Without a referrer a form on plain http would be sent with the origin `null`. */
const HEADERS = { 'content-security-policy': POLICY, 'referrer-policy': 'same-origin' };
const TYPE = 'text/html; charset=utf-8';
const SEGMENT = /^[\w.~%-]+$/;

const formOf = (words: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>Operations: sign in</title><style>${STYLE}</style></head>
<body><main><h1>Operations</h1><p role="status">${words}</p>
<form method="post"><label>Secret<input type="password" name="secret" required autofocus autocomplete="current-password"></label>
<button>Sign in</button></form></main></body></html>
`;

/** The way in for who knows the secret; a host without one has no such route. */
@Controller()
export class SignInController {
  constructor(
    private readonly sessions: Sessions,
    private readonly attempts: SignInAttempts,
    private readonly clock: Clock,
    private readonly reply: PageReply,
  ) {}

  @Get('sign-in')
  form(@Req() request: PageRequest, @Res() response: unknown): void {
    if (!this.sessions.exist) throw noSuchRoute(request);
    this.reply.send(response, page(200, 'The secret of this host opens the page for twelve hours.'));
  }

  @Post('sign-in')
  signIn(@Req() request: PageRequest, @Res() response: unknown): void {
    if (!this.sessions.exist) throw noSuchRoute(request);
    this.reply.send(response, this.answerTo(request));
  }

  private answerTo(request: PageRequest): PageAnswer {
    if (!isSameOrigin(request)) return page(403, 'Only this form itself may be sent.');
    const address = request.ip ?? '';
    const waitS = this.attempts.waitS(address);
    if (waitS > 0) {
      const answer = page(429, 'There were too many wrong secrets. Try again in a few minutes.');
      return { ...answer, headers: { ...answer.headers, 'retry-after': String(waitS) } };
    }
    if (!this.sessions.isSecret(secretIn(request.body))) {
      this.attempts.wrong(address);
      return page(401, 'That is not the secret.');
    }
    const cookies = [this.sessions.begin(request, this.clock.nowMs())];
    return { status: 303, body: '', type: TYPE, headers: { location: pageOf(request) }, cookies };
  }
}

function page(status: number, words: string): PageAnswer {
  return { status, body: formOf(words), type: TYPE, headers: HEADERS };
}

function secretIn(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'secret' in body ? body.secret : undefined;
}

/** The page, relative to the form's own address. */
function pageOf(request: PageRequest): string {
  const segment = pathOf(request).split('/').at(-2) ?? '';
  return SEGMENT.test(segment) ? `../${segment}` : './';
}
