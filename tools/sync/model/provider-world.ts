import { fillCatalogue, type ProviderStandIn, startProviderStandIn } from '../../../src/testing/index.js';

/** Teams without a logo: all of them are asked about in one run. */
const WITHOUT_LOGO = 60;

/** A provider with that many entries, of which some teams lack a logo. */
export async function startProvider(rows: number, seed: number): Promise<ProviderStandIn> {
  const provider = await startProviderStandIn();
  fillCatalogue(provider, { rows, seed });
  const { entities } = provider;
  const bare = entities.ids('team').flatMap((id) => {
    const team = entities.get('team', id);
    return team && team.logo === '' ? [team] : [];
  });
  entities.put(
    'team',
    bare.slice(WITHOUT_LOGO).map((team) => ({ ...team, logo: `https://img.thesports.example/${team.id}.png` })),
  );
  return provider;
}
