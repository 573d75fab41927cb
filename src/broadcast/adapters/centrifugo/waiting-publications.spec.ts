import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ChangeFrame } from '../../ports/match-frames.js';
import { comparePositions, readPosition } from '../../ports/position.js';
import type { Publication } from './publication.js';
import { WaitingPublications } from './waiting-publications.js';

interface Sketch {
  readonly matchId?: string;
  readonly position: string;
  readonly previous?: string;
  readonly conflated?: true;
  readonly restated?: true;
  readonly source?: string;
}

function publication({ matchId = 'm1', position, previous = '1.0', ...rest }: Sketch): Publication {
  const change = { type: 'CHANGE', matchId, position, previous, timestamp: 5, ...rest } as unknown as ChangeFrame;
  return { channel: `match:${matchId}`, ofMatch: true, change };
}

function open({ most = 10, batchCommands = 100, batchBytes = 100_000 } = {}) {
  return new WaitingPublications({ most, batchCommands, batchBytes });
}

const taken = (waiting: WaitingPublications) => waiting.take().publications.map(({ change }) => change);

describe('publications that wait', () => {
  it.each<[string, Sketch, Sketch, object]>([
    [
      'a newer one, which continues where the earlier one would have',
      { position: '1.4', previous: '1.3' },
      { position: '1.5', previous: '1.4' },
      { position: '1.5', previous: '1.3', conflated: true },
    ],
    [
      'one of a new epoch',
      { position: '1.9', previous: '1.8' },
      { position: '2.1', previous: '1.9' },
      { position: '2.1', previous: '1.8', conflated: true },
    ],
    [
      'the same position told again, and nothing is left out',
      { position: '1.4', previous: '1.3' },
      { position: '1.4', previous: '1.3' },
      { position: '1.4', previous: '1.3' },
    ],
    [
      'the same position again, which stands for several as before',
      { position: '1.4', previous: '1.1', conflated: true },
      { position: '1.4', previous: '1.3' },
      { position: '1.4', previous: '1.1', conflated: true },
    ],
    [
      'the same position with other content',
      { position: '1.4', previous: '1.3' },
      { position: '1.4', previous: '1.3', restated: true },
      { position: '1.4', previous: '1.3', restated: true },
    ],
  ])('give way to %s', (_, earlier, later, result) => {
    const waiting = open();
    expect(waiting.add(publication(earlier))).toBe('waits');
    expect(waiting.add(publication(later))).toBe('conflated');
    expect(taken(waiting)).toEqual([{ ...publication(later).change, ...result }]);
  });

  it('do not give way to an older one', () => {
    const waiting = open();
    waiting.add(publication({ position: '2.1', previous: '1.9' }));
    waiting.add(publication({ position: '1.9', previous: '1.8' }));
    expect(taken(waiting)).toEqual([publication({ position: '2.1', previous: '1.9' }).change]);
  });

  it('are put back behind what is newer', () => {
    const waiting = open();
    waiting.add(publication({ position: '1.5', previous: '1.4' }));
    expect(waiting.putBack(publication({ position: '1.4', previous: '1.3' }))).toBe('conflated');
    expect(taken(waiting)).toMatchObject([{ position: '1.5', previous: '1.3', conflated: true }]);
    expect(waiting.putBack(publication({ position: '1.5', previous: '1.3' }))).toBe('waits');
    expect(waiting.size).toBe(1);
  });

  it('are bounded: the one that waits for longest gives way', () => {
    const waiting = open({ most: 2 });
    const fates = ['a', 'b', 'c'].map((matchId) => waiting.add(publication({ matchId, position: '1.1' })));
    expect(fates).toEqual(['waits', 'waits', 'dropped']);
    expect(taken(waiting).map(({ matchId }) => matchId)).toEqual(['b', 'c']);
    expect(waiting.isEmpty).toBe(true);
  });

  it('leave in batches of so many commands and bytes, and one that is longer alone', () => {
    const waiting = open({ batchCommands: 2, batchBytes: 600 });
    const lengths = [1, 1, 1, 2_000, 1, 300, 300];
    for (const [index, length] of lengths.entries())
      waiting.add(publication({ matchId: `m${index}`, position: '1.1', source: 'x'.repeat(length) }));
    const batches: number[] = [];
    while (!waiting.isEmpty) batches.push(waiting.take().commands.length);
    expect(batches).toEqual([2, 1, 1, 1, 1, 1]);
  });

  it('leave no version unseen: the frames of a match that get out follow each other, whatever failed', () => {
    const steps = fc.array(fc.constantFrom('change', 'take', 'fail'), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (todo) => {
        const waiting = open();
        const out: ChangeFrame[] = [];
        let version = 0;
        const take = (): readonly Publication[] => waiting.take().publications;
        for (const step of [...todo, 'take']) {
          if (step === 'change') waiting.add(publication({ position: `1.${version + 1}`, previous: `1.${version++}` }));
          else if (step === 'take') out.push(...take().map(({ change }) => change));
          else for (const failed of take()) waiting.putBack(failed);
        }
        const chain = out.map(({ previous, position }) => [previous, position]);
        expect(chain.flat()).toEqual(expectedChain(out));
        expect(out.at(-1)?.position ?? '1.0').toBe(`1.${version}`);
        for (const { previous, position, conflated } of out)
          expect(distance(previous, position) > 1).toBe(conflated ?? false);
      }),
    );
  });
});

/** From the first version on, each frame continues the one before. */
function expectedChain(frames: readonly ChangeFrame[]): readonly string[] {
  return frames.flatMap(({ position }, index) => [frames[index - 1]?.position ?? '1.0', position]);
}

function distance(from: string, to: string): number {
  const [a, b] = [readPosition(from), readPosition(to)];
  return a && b ? comparePositions(b, a) : Number.NaN;
}
