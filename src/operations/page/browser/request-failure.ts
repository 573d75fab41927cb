import { RefusedError } from './poll.js';

/** The action was not done; the message says why. */
export class ActionRefusedError extends Error {}

/** Why a request failed, for people. */
export function failureText(error: unknown): string {
  if (error instanceof ActionRefusedError) return error.message;
  if (error instanceof RefusedError) return error.status === 404 ? 'There is no such thing.' : `${error.message}.`;
  return 'The host did not answer.';
}
