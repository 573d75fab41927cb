import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ResolvedOperationsOptions } from '../operations.options.js';
import type { PageAnswer } from './page-answer.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * Sends the answers of the page through the host's HTTP adapter, so that no interceptor of the host wraps them, with headers that
 * let the page load and ask nothing but its own host, and be framed by nobody.
 */
@Injectable()
export class PageReply {
  private readonly policy: string;

  constructor(
    private readonly host: HttpAdapterHost,
    { ws }: ResolvedOperationsOptions,
  ) {
    const elsewhere = ws && !ws.startsWith('/') ? ` ${new URL(ws).origin}` : '';
    this.policy = [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      `connect-src 'self'${elsewhere}`,
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; ');
  }

  send(response: unknown, { status, body, type = JSON_TYPE, headers = {}, cookies = [] }: PageAnswer): void {
    const adapter = this.host.httpAdapter;
    const all = {
      'content-security-policy': this.policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'content-type': type,
      ...headers,
    };
    for (const [name, value] of Object.entries(all)) adapter.setHeader(response, name, value);
    for (const cookie of cookies) adapter.appendHeader?.(response, 'set-cookie', cookie);
    adapter.reply(response, typeof body === 'string' ? body : JSON.stringify(body), status);
  }
}
