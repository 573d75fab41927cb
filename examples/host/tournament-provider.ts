import { readFile } from 'node:fs/promises';
import { readTournament, type Tournament } from '../../src/replay/index.js';
import { type ProviderStandIn, startProviderStandIn, tournamentCatalogue } from '../../src/testing/index.js';
import { scoresIn } from './scores-in.js';

export interface TournamentProviderOptions {
  /** tournament file, as the replay reads it */
  readonly file: string;
  /** names the replay: its matches, teams and competition begin with it, 9 characters */
  readonly run: string;
  /** the clock of the host, unix ms: a demo's may run faster than real time. @default Date.now */
  readonly nowMs?: () => number;
}

/** The provider's REST API of a demo: it tells the teams, logos, competition and fixtures that a replay is about to play. */
export class TournamentProvider {
  private constructor(
    private readonly standIn: ProviderStandIn,
    readonly tournament: Tournament,
    private readonly venues: readonly (string | null)[],
    private readonly options: Required<TournamentProviderOptions>,
  ) {}

  /** It knows nothing until `fill`. @throws TournamentFileError */
  static async start({ nowMs = Date.now, ...options }: TournamentProviderOptions): Promise<TournamentProvider> {
    const [tournament, venues] = await Promise.all([readTournament(options.file), venuesOf(options.file)]);
    return new TournamentProvider(await startProviderStandIn({ nowMs }), tournament, venues, { ...options, nowMs });
  }

  /** From now on it tells the tournament. @param kickoffAtS scheduled start of the nth match, unix seconds */
  fill(kickoffAtS: (index: number) => number): void {
    const { name } = this.tournament;
    const { run, nowMs } = this.options;
    const matches = this.tournament.matches.map(({ home, away, round, index }, nth) => ({
      home,
      away,
      round,
      venue: this.venues[index] ?? null,
      kickoffAtS: kickoffAtS(nth),
    }));
    const updatedAtS = Math.floor(nowMs() / 1000);
    this.standIn.fill(tournamentCatalogue({ name, matches }, { run, country: 'Qatar', updatedAtS }));
  }

  /** What the environment of the host says of its provider. */
  get environment() {
    const { url, user, secret } = this.standIn;
    return { providerUrl: url, providerUser: user, providerSecret: secret };
  }

  /** how many rows the host must have before the replay begins */
  get expected() {
    const { entities, fixtures } = this.standIn;
    return { teams: entities.size('team'), competitions: entities.size('competition'), fixtures: fixtures.size };
  }

  /** requests that the host has sent */
  get requests(): number {
    return this.standIn.requests;
  }

  /** The feed published this message: from now on the REST API says the same. */
  follow(payload: string): void {
    for (const [matchId, status, home, away, kickoffS] of scoresIn(payload)) {
      this.standIn.put({ id: matchId, score: [matchId, status, home, away, kickoffS, ''] });
      this.standIn.fixtures.change(matchId, { status_id: status, home_scores: home, away_scores: away });
    }
  }

  close(): Promise<void> {
    return this.standIn.close();
  }
}

/** Where the matches of a file are played, by their place in it. */
async function venuesOf(file: string): Promise<readonly (string | null)[]> {
  const json: unknown = JSON.parse(await readFile(file, 'utf8'));
  const matches = typeof json === 'object' && json !== null && 'matches' in json ? json.matches : json;
  if (!Array.isArray(matches)) return [];
  return matches.map((match: { readonly ground?: unknown } | null) =>
    typeof match?.ground === 'string' ? match.ground : null,
  );
}
