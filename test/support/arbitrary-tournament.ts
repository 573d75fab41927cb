import fc from 'fast-check';

/** Tournament files as they come: every field may be missing, lists and scores may disagree. */
export function arbitraryTournamentFile(): fc.Arbitrary<{ name?: string; matches: object[] }> {
  return fc.record(
    { name: fc.string(), matches: fc.array(arbitraryMatch(), { minLength: 1, maxLength: 6 }) },
    { requiredKeys: ['matches'] },
  );
}

const count = fc.integer({ min: 0, max: 5 });
const pair = fc.tuple(count, count);

function arbitraryMatch(): fc.Arbitrary<object> {
  const optional = { requiredKeys: [] };
  return fc.record(
    {
      round: fc.string(),
      date: fc.constant('2022-11-20'),
      team1: fc.string(),
      team2: fc.string(),
      score: fc.record({ ht: pair, ft: pair, et: pair, p: pair }, optional),
      goals1: fc.array(arbitraryGoal(), { maxLength: 5 }),
      goals2: fc.array(arbitraryGoal(), { maxLength: 5 }),
    },
    optional,
  );
}

function arbitraryGoal(): fc.Arbitrary<object> {
  const minute = fc.integer({ min: 1, max: 122 });
  const offset = fc.integer({ min: 0, max: 15 });
  const asText = fc.tuple(minute, offset).map(([m, o]) => (o > 0 ? `${m}+${o}` : ` ${m}'`));
  return fc.record(
    { name: fc.string(), minute: fc.oneof(minute, asText), offset, penalty: fc.boolean(), owngoal: fc.boolean() },
    { requiredKeys: [] },
  );
}
