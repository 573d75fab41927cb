import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Told } from '../../ports/told.js';
import { readBusMessage, writeBusMessages } from './bus-message.js';

const CLOCK = {
  period: 'first-half',
  startedAt: 1,
  baseSeconds: 0,
  normalSeconds: 2_700,
  addedAnnouncedMinutes: null,
  running: true,
  estimated: false,
} as const;

function told(matchId: string, version: number): Told {
  const state = {
    matchId,
    position: `1.${version}`,
    statusId: 2,
    homeScore: 1,
    awayScore: 0,
    scores: { home: [1, 0, 0, 0, -1, 0, 0], away: [0, 0, 0, 0, -1, 0, 0] },
    kickoffs: { firstHalf: 1, secondHalf: null, overtime: null },
    source: 'mqtt',
    receivedAt: 5,
  } as const;
  const positions = { previous: { epoch: 1, version: version - 1 }, position: { epoch: 1, version } };
  return {
    matchId,
    frames: [{ type: 'ADDED_TIME', matchId, time: 3, incidentKey: 'k', optimistic: null, timestamp: 1 }],
    version: { ...positions, state, clock: CLOCK, events: [{ type: 'half-time' }], committedAt: 6 },
    details: true,
  };
}

const sized = (bytes: number): Told => ({ matchId: 'x'.repeat(bytes), frames: [] });
const readAll = (messages: readonly string[]) =>
  messages.flatMap((message) => {
    const read = readBusMessage(message, 'me');
    return read.kind === 'told' ? read.told : [];
  });

describe('messages between instances', () => {
  it('bring what was told, in order', () => {
    const all: Told[] = [told('a', 1), told('b', 7), { matchId: 'c', frames: [], clock: CLOCK, again: true }];
    const { messages, oversized } = writeBusMessages('other', all);
    expect([messages.length, oversized, readAll(messages)]).toEqual([1, 0, all]);
  });

  it('are split at 256 KiB; one commit beyond it goes alone, beyond 1 MiB not at all', () => {
    const all = [sized(100_000), sized(100_000), sized(100_000), sized(500_000), sized(1_100_000), sized(1)];
    const { messages, oversized } = writeBusMessages('other', all);
    expect(oversized).toBe(1);
    expect(messages.map((message) => readAll([message]).map(({ matchId }) => matchId.length))).toEqual([
      [100_000, 100_000],
      [100_000],
      [500_000],
      [1],
    ]);
    expect(readAll(messages)).toEqual(all.filter(({ matchId }) => matchId.length <= 1_000_000));
  });

  it('keep every length that is sent readable', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 400_000 }), { maxLength: 12 });
    fc.assert(
      fc.property(lengths, (sizes) => {
        const { messages } = writeBusMessages('ö', sizes.map(sized));
        expect(readAll(messages).map(({ matchId }) => matchId.length)).toEqual(sizes);
        for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(1_048_576);
      }),
      { numRuns: 30 },
    );
  });

  it('of our own are recognised', () => {
    expect(readBusMessage(String(writeBusMessages('me', [told('a', 1)]).messages[0]), 'me')).toEqual({ kind: 'own' });
  });

  it('of a later release are not read, whatever they hold', () => {
    expect(readBusMessage('{"v":2}', 'me')).toEqual({ kind: 'newer' });
  });

  it('with more fields than we know are read', () => {
    const message = JSON.stringify({ v: 1, from: 'x', told: [{ ...told('a', 1), more: 1 }], also: true });
    expect(readBusMessage(message, 'me').kind).toBe('told');
  });

  it('that lost or changed any one field are refused', () => {
    const message = { v: 1, from: 'x', told: [told('a', 1)] };
    const optional = new Set(['told.0.details', 'told.0.version']);
    const paths = pathsOf(message);
    expect(paths.length).toBeGreaterThan(50);
    for (const path of paths) {
      if (!optional.has(path.join('.')) && !isFree(path))
        expect([path, readBusMessage(JSON.stringify(without(message, path)), 'me').kind]).toEqual([path, 'malformed']);
    }
  });

  it('never make the reader throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.anything().map((value) => String(JSON.stringify({ v: 1, from: 'x', told: value }))),
        ),
        (text) => {
          expect(readBusMessage(text, 'me').kind).toMatch(/^(told|own|newer|malformed|oversized)$/);
        },
      ),
    );
  });
});

type Path = readonly string[];

/** Fields of legacy frames and events, beside their type and match, and elements of lists are the business of their readers. */
function isFree(path: Path): boolean {
  const [, , part, ...rest] = path;
  if (part === 'frames') return !['type', 'matchId'].includes(String(rest.at(-1))) || rest.length < 2;
  return rest[0] === 'events' && rest.length === 2;
}

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return path.length > 0 ? [path] : [];
  const inner = Object.entries(value).flatMap(([key, one]) => pathsOf(one, [...path, key]));
  return path.length > 0 && !/^\d+$/.test(String(path.at(-1))) ? [path, ...inner] : inner;
}

/** The same with an object that fits nowhere in the place of one value. */
function without(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return { strange: true };
  const old = (value as Record<string, unknown>)[key];
  const changed = { [key]: without(old, rest) };
  return Array.isArray(value) ? Object.assign([...value], changed) : { ...(value as object), ...changed };
}
