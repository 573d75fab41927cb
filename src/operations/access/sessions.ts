import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { pageCookie } from '../http/page-cookie.js';
import { cookieOf, headerOf, type PageRequest } from '../http/page-request.js';
import { ResolvedOperationsOptions } from '../operations.options.js';

const COOKIE = 'livescore_operations';
const HEADER = 'x-internal-secret';
const LASTS_S = 12 * 3_600;
const RANDOM_BYTES = 16;
const SESSION = /^(\d{1,12})\.([\w-]{22})\.([\w-]{43})$/;

/**
 * Who has shown the secret is remembered for 12 hours by a signed cookie. The key of the signature is made of the secret: every
 * process with the same one knows the session, none keeps a list, and another secret ends all of them.
 */
@Injectable()
export class Sessions {
  private readonly secret: Buffer | null;
  private readonly key: Buffer | null;

  constructor({ secret }: ResolvedOperationsOptions) {
    this.secret = secret === undefined ? null : digestOf(secret);
    this.key =
      secret === undefined ? null : createHmac('sha256', secret).update('livescore operations session').digest();
  }

  /** Is there a secret to sign in with? */
  get exist(): boolean {
    return this.key !== null;
  }

  /** Compared in the same time whatever was shown. */
  isSecret(shown: unknown): boolean {
    if (this.secret === null || typeof shown !== 'string') return false;
    return timingSafeEqual(this.secret, digestOf(shown));
  }

  /** The value of the header of scripts; undefined: none was shown. */
  shownBy(request: PageRequest): string | undefined {
    return headerOf(request, HEADER);
  }

  /** @param nowMs unix ms */
  begin(request: PageRequest, nowMs: number): string {
    const untold = `${Math.floor(nowMs / 1_000) + LASTS_S}.${randomBytes(RANDOM_BYTES).toString('base64url')}`;
    return pageCookie(request, COOKIE, `${untold}.${this.signatureOf(untold)}`, LASTS_S);
  }

  /** The session of a request that is signed by us and not over; null: there is none. */
  of(request: PageRequest, nowMs: number): string | null {
    const [value, untilS, random, signature] = SESSION.exec(cookieOf(request, COOKIE) ?? '') ?? [];
    if (this.key === null || value === undefined || signature === undefined) return null;
    const expected = Buffer.from(this.signatureOf(`${untilS}.${random}`));
    const isOurs = timingSafeEqual(expected, Buffer.from(signature));
    return isOurs && Number(untilS) * 1_000 > nowMs ? value : null;
  }

  private signatureOf(text: string): string {
    return createHmac('sha256', this.key ?? '')
      .update(text)
      .digest('base64url');
  }
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
