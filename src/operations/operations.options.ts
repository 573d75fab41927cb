import type { CanActivate, Type } from '@nestjs/common';
import { optionsOf } from '../kernel/options.js';
import { checked, object } from '../kernel/options-rules.js';

/**
 * These options configure {@link OperationsModule}. Without `guard` and without `secret` every route of the page answers 404:
 * that somebody asks from the same machine opens nothing.
 */
export interface OperationsOptions {
  /**
   * Guard of the host that decides who may use the page: a class, taken from the host's container or made by it. Whoever its
   * `request.user` names is noted as the one who acts.
   * @default none
   */
  readonly guard?: Type<CanActivate> | undefined;
  /**
   * Opens the page beside the guard: typed in at `<path>/sign-in`, or as the value of the header `X-Internal-Secret`; 12 to 1,024
   * characters. Processes behind one address need the same.
   * @default none
   */
  readonly secret?: string | undefined;
  /** Where the page is, under the host's global prefix: letters, digits, `.`, `_`, `~`, `-` and `/`. @default 'livescore' */
  readonly path?: string;
  /** Path or URL of the WebSocket endpoint that the page connects to. @default the path of the endpoint of this host, where it has one */
  readonly ws?: string | undefined;
}

const SHORTEST_SECRET = 12;
const LONGEST_SECRET = 1_024;
const PATH = /^\/?[\w.~-]+(\/[\w.~-]+)*\/?$/;
const ENDPOINT = /^(\/[\w.~/-]*|wss?:\/\/[\w.:[\]-]+(\/[\w.~/-]*)?)$/;

const NO_GUARD: Type<CanActivate> | undefined = undefined;
const NO_TEXT: string | undefined = undefined;

const guard = checked<Type<CanActivate> | undefined>('a class with canActivate', isGuard, NO_GUARD);
const secret = checked<string | undefined>(
  `a text of ${SHORTEST_SECRET} to ${LONGEST_SECRET} characters`,
  (value) => typeof value === 'string' && value.length >= SHORTEST_SECRET && value.length <= LONGEST_SECRET,
  NO_TEXT,
);
const path = checked<string>(
  'a path like "livescore"',
  (value) => typeof value === 'string' && PATH.test(value),
  'livescore',
);
const ws = checked<string | undefined>(
  'a path like "/ws", or a URL with ws or wss',
  (value) => typeof value === 'string' && ENDPOINT.test(value),
  NO_TEXT,
);

/** All set. Also the injection token of the resolved options inside the module. */
export class ResolvedOperationsOptions extends optionsOf('OperationsModule', object({ guard, secret, path, ws })) {}

/** @throws InvalidOptionError */
export function resolveOperationsOptions(options?: OperationsOptions): ResolvedOperationsOptions {
  return new ResolvedOperationsOptions(options);
}

function isGuard(value: unknown): boolean {
  return typeof value === 'function' && typeof value.prototype?.canActivate === 'function';
}
