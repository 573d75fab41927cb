import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeWsClient } from '../../../../test/support/fake-ws-client.js';
import { LiveAudience } from './live-audience.js';

const MATCHES = ['m1', 'm2', 'm3'];
const COMPETITIONS = ['c1', 'c2'];
const selection = fc.record(
  {
    matches: fc.subarray(MATCHES),
    competitions: fc.subarray(COMPETITIONS),
    all: fc.constant(true as const),
  },
  { requiredKeys: [] },
);
const step = fc.record({ client: fc.nat({ max: 2 }), kind: fc.constantFrom('add', 'remove'), selection });

describe('the audience', () => {
  it('knows who follows which match, and nobody who left', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const audience = new LiveAudience();
        const clients = [0, 1, 2].map((n) => new FakeWsClient(String(n), 'live').client);
        const follows = clients.map(() => ({ names: new Set<string>(), all: false }));
        for (const { client, kind, selection: selected } of steps) {
          const [one, its] = [clients[client], follows[client]];
          if (!one || !its) continue;
          const { matches, competitions, all } = selected;
          const names = [...(matches ?? []), ...(competitions ?? [])];
          if (kind === 'add') {
            const count = new Set([...its.names, ...names]).size;
            expect(audience.countWith(one, selected)).toBe(count);
            audience.add(one, selected);
            for (const name of names) its.names.add(name);
            its.all ||= all ?? false;
          } else {
            audience.remove(one, selected);
            const isEverything = !matches && !competitions && !all;
            for (const name of isEverything ? [...its.names] : names) its.names.delete(name);
            if (isEverything || all) its.all = false;
          }
        }
        for (const matchId of MATCHES) {
          for (const competitionId of [...COMPETITIONS, null]) {
            const isNamed = (names: ReadonlySet<string>) => names.has(matchId) || names.has(competitionId ?? '');
            const named = clients.filter((_client, n) => isNamed(follows[n]?.names ?? new Set()));
            expect(new Set(audience.namedBy(matchId, competitionId))).toEqual(new Set(named));
            const anybody = named.length > 0 || follows.some(({ all }) => all);
            expect(audience.hasListeners(matchId, competitionId)).toBe(anybody);
            const one = clients.map((client) => client.follows({ matchId, competitionId }));
            expect(one).toEqual(follows.map(({ names, all }) => all || isNamed(names)));
          }
        }
        for (const client of clients) audience.remove(client, {});
        expect(audience).toEqual(new LiveAudience());
      }),
      { seed: 15, numRuns: 200 },
    );
  });
});
