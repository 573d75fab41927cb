/** Whatever was thrown, as text for a log: Nest's filters turn errors into plain objects with a message. */
export function describeError(error: unknown): string {
  if (error instanceof Error) return error.stack ?? error.message;
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error;
  return hasMessage ? String(error.message) : String(error);
}
