import { decodeMessage } from '../../src/thesports/decode-message.js';
import type { DecodedMessage, Origin } from '../../src/thesports/decoded-message.js';

export const ORIGIN: Origin = {
  source: 'mqtt',
  delivery: 'push',
  receivedAtMs: 1_768_662_000_123,
  requestedAtMs: null,
};
export const ZERO = [0, 0, 0, 0, 0, 0, 0];

export const decode = (json: unknown): DecodedMessage => decodeMessage(JSON.stringify(json), ORIGIN);
export const tuple = (id: unknown, regular = 1): unknown[] => [id, 2, [regular, 0, 0, 0, 2, 0, 0], ZERO, 1_768_662_000];
export const update = (matchId: string, parts: object, providerTimeS: number | null = null) => ({
  ...ORIGIN,
  matchId,
  providerTimeS,
  ...parts,
});
export const scored = (matchId: string, regular = 1) =>
  update(matchId, {
    score: { status: 2, home: [regular, 0, 0, 0, 2, 0, 0], away: ZERO, periodKickoffS: 1_768_662_000 },
  });
