import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { batchesOf, framesOf, plansOf } from '../../../test/support/replayed-frames.js';
import type { MatchUpdate } from '../../domain/match-update.js';
import { decodeItems } from '../../thesports/decode-message.js';
import { type EnvelopeShape, EnvelopeShapes, envelope, shapesFor } from './envelope.js';
import type { MatchFrame } from './match-frame.js';

const WORLD_CUP: unknown = JSON.parse(readFileSync('examples/data/worldcup-2022.json', 'utf8'));
const ORIGIN = { source: 'mqtt', delivery: 'push', receivedAtMs: 0, requestedAtMs: null } as const;

function decode(json: unknown): readonly MatchUpdate[] {
  const { updates, rejections } = decodeItems(JSON.parse(JSON.stringify(json)), ORIGIN);
  if (rejections.length > 0) expect(rejections).toEqual([]);
  return updates;
}

/** What the updates say per match, whatever the number of items that said it. */
function contents(updates: readonly MatchUpdate[]) {
  return updates.flatMap(({ matchId, score, statistics, incidents, commentary }) => [
    ...(score ? [{ matchId, score }] : []),
    ...(statistics ? [{ matchId, statistics }] : []),
    ...(incidents ? [{ matchId, incidents }] : []),
    ...(commentary ? [{ matchId, commentary: commentary.map(({ data }) => data) }] : []),
  ]);
}

function expectedContents(frames: readonly MatchFrame[]) {
  return frames.flatMap(({ matchId, score, statistics, incidents, commentary }) => [
    ...(score ? [{ matchId, score: scoreReport(score) }] : []),
    ...(statistics ? [{ matchId, statistics }] : []),
    ...(incidents ? [{ matchId, incidents }] : []),
    ...(commentary ? [{ matchId, commentary: commentary.map(({ data }) => data) }] : []),
  ]);
}

function scoreReport({ status, home, away, kickoffS }: NonNullable<MatchFrame['score']>) {
  return { status, home, away, periodKickoffS: kickoffS === 0 ? null : kickoffS };
}

describe('envelopes', () => {
  it('carry the same contents in every shape and tuple length', () => {
    const used = new Set<EnvelopeShape>();
    const [plan] = plansOf(WORLD_CUP, 1);
    const single = plan ? framesOf(plan).map((frame) => [frame]) : [];
    const shared = [...batchesOf(plansOf(WORLD_CUP, 1), 1)].map(({ frames }) => frames);
    for (const frames of [...single, ...shared.slice(0, 500)]) {
      const expected = expectedContents(frames);
      for (const shape of shapesFor(frames)) {
        used.add(shape);
        for (const length of [5, 6] as const) {
          const carried = contents(decode(envelope(frames, shape, length)));
          // thousands of times: the slow comparison is for the one that explains
          if (!isDeepStrictEqual(carried, expected)) expect(carried).toEqual(expected);
        }
      }
    }
    expect([...used].sort()).toEqual([...EnvelopeShapes].sort());
  });
});
