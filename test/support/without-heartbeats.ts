/**
 * The frames without the heartbeats of the gateway: its wheel turns every second, so the first client may get one a second
 * after the start, which a busy machine reaches in the middle of any test.
 */
export function withoutHeartbeats<Frame extends { readonly type?: unknown }>(
  frames: readonly Frame[],
): readonly Frame[] {
  return frames.filter(({ type }) => type !== 'PING');
}
