import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { TOKEN_HEADER } from '../facts.js';
import { pageCookie } from '../http/page-cookie.js';
import { cookieOf, headerOf, type PageRequest } from '../http/page-request.js';
import { RefusedError } from '../operations.errors.js';
import { actorOf } from './actor.js';

const COOKIE = 'livescore_operations_token';
const COOKIE_BYTES = 32;
const COOKIE_VALUE = /^[\w-]{43}$/;
const FORBIDDEN = 403;

/** The token for one reader, and the cookie that goes with it where he has none yet. */
export interface IssuedToken {
  readonly token: string;
  readonly cookie: string | null;
}

/**
 * Keeps other pages from acting in the name of who is signed in here. Whoever reads the facts gets a random cookie that no script
 * can read, and a token made of it and of the user's name; a POST needs both, and must come from the page's own origin. Any
 * process can check it: nothing is kept.
 */
@Injectable()
export class AntiForgery {
  issue(request: PageRequest): IssuedToken {
    const known = cookieValueOf(request);
    const value = known ?? randomBytes(COOKIE_BYTES).toString('base64url');
    const cookie = known === null ? pageCookie(request, COOKIE, value, null) : null;
    return { token: tokenOf(value, request), cookie };
  }

  /** @throws RefusedError */
  check(request: PageRequest): void {
    if (!isSameOrigin(request)) {
      throw new RefusedError(FORBIDDEN, 'LIVESCORE_OTHER_ORIGIN', 'only the page itself may ask for that');
    }
    const value = cookieValueOf(request);
    const shown = Buffer.from(headerOf(request, TOKEN_HEADER) ?? '');
    const expected = Buffer.from(value === null ? '' : tokenOf(value, request));
    if (value !== null && shown.length === expected.length && timingSafeEqual(shown, expected)) return;
    throw new RefusedError(
      FORBIDDEN,
      'LIVESCORE_NO_TOKEN',
      'the token of the page is missing or old: load the page again',
    );
  }
}

function cookieValueOf(request: PageRequest): string | null {
  const value = cookieOf(request, COOKIE);
  return value !== undefined && COOKIE_VALUE.test(value) ? value : null;
}

function tokenOf(value: string, request: PageRequest): string {
  return createHmac('sha256', value)
    .update(`livescore operations token\n${actorOf(request) ?? ''}`)
    .digest('base64url');
}

/**
 * Browsers say where a request comes from, and no page can change what they say. Behind a proxy that names another host they say it
 * in `Sec-Fetch-Site` all the same, on https and on localhost.
 */
export function isSameOrigin(request: PageRequest): boolean {
  const site = headerOf(request, 'sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = hostOf(headerOf(request, 'origin'));
  if (origin === null) return false;
  return headerOf(request, 'host')?.trim().toLowerCase() === origin;
}

function hostOf(origin: string | undefined): string | null {
  if (origin === undefined || !URL.canParse(origin)) return null;
  return new URL(origin).host.toLowerCase();
}
