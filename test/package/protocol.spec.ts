import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { MatchEvent } from '../../src/domain/match-event.js';
import { type MatchClock, matchClock } from '../../src/domain/match-minute.js';
import { MatchStatus } from '../../src/domain/match-status.js';
import {
  assertFrame,
  assertMessage,
  FRAME_SCHEMAS,
  MESSAGE_SCHEMAS,
  SCHEMAS,
  type Schema,
  schemaCheck,
} from '../support/protocol-schemas.js';

const PAGE = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
const EXAMPLES: readonly { type: string }[] = [...PAGE.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, text]) =>
  JSON.parse(text as string),
);
const exampleOf = (type: string) => {
  const example = EXAMPLES.find((one) => one.type === type);
  if (!example) throw new Error(`docs/protocol.md has no example of ${type}`);
  return example as Record<string, unknown> & { type: string };
};

/** Every schema inside a schema, with the way to it; references are not followed. */
function* partsOf(schema: unknown, path: string): Generator<[path: string, part: Schema]> {
  if (typeof schema !== 'object' || schema === null) return;
  if (!Array.isArray(schema)) yield [path, schema as Schema];
  for (const [key, part] of Object.entries(schema)) yield* partsOf(part, `${path}/${key}`);
}
const parts = () => [...SCHEMAS].flatMap(([name, schema]) => [...partsOf(schema, name)]);
const schemaOf = (name: string) => SCHEMAS.get(name) as Schema;
const isMessage = (name: string) => name.endsWith('-message') || name === 'selection';

describe('the schemas of the protocol', () => {
  it('compile, one for each frame and message', () => {
    for (const name of SCHEMAS.keys()) expect(schemaCheck(name)).toBeInstanceOf(Function);
    expect(FRAME_SCHEMAS.size).toBe(25);
    expect([...MESSAGE_SCHEMAS.keys()].sort()).toEqual(['AUTHENTICATE', 'PING', 'SUBSCRIBE', 'UNSUBSCRIBE']);
  });

  it('say of every field what it is', () => {
    const mute = parts().flatMap(([path, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([name, field]) => !field.description && !field.$ref && !('const' in field) && name !== 'side')
        .map(([name]) => `${path}/${name}`),
    );
    expect(mute).toEqual([]);
    const { $defs = {} } = schemaOf('fields');
    expect(Object.entries($defs).filter(([, { description }]) => !description)).toEqual([]);
  });

  it('allow a server no field that they do not name', () => {
    const sent = parts().filter(([path, { properties }]) => properties && !isMessage(path.split('/')[0] as string));
    expect(sent.length).toBeGreaterThan(FRAME_SCHEMAS.size);
    expect(sent.filter(([, part]) => part.additionalProperties !== false).map(([path]) => path)).toEqual([]);
    expect(() => assertFrame({ ...exampleOf('PONG'), extra: 1 })).toThrow('pong.schema.json');
    expect(() => assertFrame({ type: 'PONG' })).toThrow('timestamp');
    expect(() => assertFrame({ type: 'NEW' })).toThrow('no type "NEW"');
  });

  it('bound every text, list and object that a client may send', () => {
    const unbounded = parts()
      .filter(
        ([path]) => isMessage(path.split('/')[0] as string) || /^fields\/\$defs\/(messageId|selectedId)$/.test(path),
      )
      .filter(
        ([, { type, maxLength, maxItems, maxProperties, pattern, properties }]) =>
          (type === 'string' && (!maxLength || !pattern)) ||
          (type === 'array' && !maxItems) ||
          (type === 'object' && !properties && !maxProperties),
      );
    expect(unbounded.map(([path]) => path)).toEqual([]);
  });

  it('are what the types are made from', () => {
    const said = execFileSync(process.execPath, ['scripts/protocol-types.mjs', '--check'], { encoding: 'utf8' });
    expect(said).toContain('src/broadcast/ports/match-frames.ts');
  });
});

/** One of each type: the compiler asks for every field. */
const EVENTS: { readonly [Type in MatchEvent['type']]: Required<Extract<MatchEvent, { type: Type }>> } = {
  goal: { type: 'goal', side: 'home', homeScore: 1, awayScore: 0, time: null, playerId: null, playerName: 'A' },
  'goal-cancelled': {
    type: 'goal-cancelled',
    side: 'away',
    homeScore: 1,
    awayScore: 0,
    previousHomeScore: 1,
    previousAwayScore: 1,
  },
  'score-changed': { type: 'score-changed', homeScore: 1, awayScore: 0 },
  'red-card': { type: 'red-card', side: 'home', count: 1 },
  'state-changed': { type: 'state-changed', from: 2, to: 3 },
  'kick-off': { type: 'kick-off', period: 4 },
  'half-time': { type: 'half-time' },
  'full-time': { type: 'full-time' },
  'minute-changed': { type: 'minute-changed', minute: 3 },
};
const PERIODS: { readonly [Period in NonNullable<MatchClock['period']>]: true } = {
  'first-half': true,
  'half-time': true,
  'second-half': true,
  'extra-time': true,
  'shoot-out': true,
};

describe('the schemas of what the domain says', () => {
  it('are those of its events', () => {
    const said = (schemaOf('match-event').anyOf ?? []).map(({ properties = {} }) => Object.keys(properties).sort());
    expect(said).toEqual(Object.values(EVENTS).map((event) => Object.keys(event).sort()));
    for (const event of Object.values(EVENTS))
      expect([event.type, schemaCheck('match-event')(event)]).toEqual([event.type, true]);
  });

  it('are those of its clocks', () => {
    const { properties = {}, required } = schemaOf('match-clock');
    const kickoffs = { firstHalfS: 1, secondHalfS: null, overtimeS: null };
    for (const status of Object.values(MatchStatus)) {
      const clock = matchClock({ status, kickoffs });
      expect([status, schemaCheck('match-clock')(clock)]).toEqual([status, true]);
      expect(required).toEqual(Object.keys(clock));
    }
    expect(properties.period?.enum).toEqual([...Object.keys(PERIODS), null]);
  });
});

describe('the page about the protocol', () => {
  it('has examples that the schemas accept', () => {
    for (const example of EXAMPLES) {
      if (MESSAGE_SCHEMAS.has(example.type)) assertMessage(example);
      else assertFrame(example);
    }
  });

  it.each([...MESSAGE_SCHEMAS.keys(), ...namesIn('server-frame')])('has an example of %s', (type) => {
    expect(exampleOf(type).type).toBe(type);
  });

  it.each(schemaOf('error-code').enum ?? [])('says what the code %s means', (code) => {
    expect(PAGE).toContain(`\n| \`${code}\` | `);
  });

  it.each(namesIn('client-frame'))('names %s of the first protocol', (type) => {
    expect(PAGE.split('## Clients that say nothing')[1]).toContain(`\`${type}\``);
  });
});

/** The types of the frames that a schema puts together. */
function namesIn(name: string): string[] {
  const files = (schemaOf(name).anyOf ?? []).map(({ $ref = '' }) => $ref.replace('.schema.json', ''));
  return files.map((file) => String(schemaOf(file).properties?.type?.const));
}
