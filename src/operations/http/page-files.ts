import { createHash } from 'node:crypto';
import { PAGE_CSS, PAGE_HTML, PAGE_JS, PAGE_START } from '../page/assets.generated.js';
import type { PageAnswer } from './page-answer.js';
import { headerOf, type PageRequest, pathOf } from './page-request.js';

const PLACE = '%BASE%';
/** A browser may keep a file, and asks each time whether it is still the same. */
const CACHE = 'private, no-cache';
const NOT_MODIFIED = 304;
const SEGMENT = /^[\w.~%-]+$/;

const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
} as const;

const tagOf = (body: string): string => `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;

/** The files of the page, from memory: tags are worked out once. */
export class PageFiles {
  private readonly starter = { type: TYPES.js, body: PAGE_START, tag: tagOf(PAGE_START) };
  private readonly script = { type: TYPES.js, body: PAGE_JS, tag: tagOf(PAGE_JS) };
  private readonly styles = { type: TYPES.css, body: PAGE_CSS, tag: tagOf(PAGE_CSS) };

  page(request: PageRequest): PageAnswer {
    const body = PAGE_HTML.replaceAll(PLACE, placeOf(pathOf(request)));
    return answerTo(request, { type: TYPES.html, body, tag: tagOf(body) });
  }

  start(request: PageRequest): PageAnswer {
    return answerTo(request, this.starter);
  }

  js(request: PageRequest): PageAnswer {
    return answerTo(request, this.script);
  }

  css(request: PageRequest): PageAnswer {
    return answerTo(request, this.styles);
  }
}

interface PageFile {
  readonly type: string;
  readonly body: string;
  readonly tag: string;
}

function answerTo(request: PageRequest, { type, body, tag }: PageFile): PageAnswer {
  const headers = { etag: tag, 'cache-control': CACHE };
  const known = headerOf(request, 'if-none-match');
  // a proxy that compresses makes the tag a weak one
  if (known === tag || known === `W/${tag}`) return { status: NOT_MODIFIED, body: '', type, headers };
  return { status: 200, body, type, headers };
}

/** The folder of the files, relative to the page's own address, whatever prefix or proxy is before it. */
function placeOf(path: string): string {
  const last = path.split('/').at(-1) ?? '';
  return SEGMENT.test(last) ? `${last}/` : '';
}
