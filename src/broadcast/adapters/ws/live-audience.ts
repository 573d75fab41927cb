import type { Selection } from '../../ports/match-frames.js';
import type { WsClient } from './ws-client.js';

/** Who follows which match: an index from matches and competitions to the clients of protocol 2. */
export class LiveAudience {
  readonly ofAll = new Set<WsClient>();
  private readonly ofMatch = new Map<string, Set<WsClient>>();
  private readonly ofCompetition = new Map<string, Set<WsClient>>();

  /** How many names the client would follow with these, too. */
  countWith(client: WsClient, { matches = [], competitions = [] }: Selection): number {
    const added = (names: readonly string[], known: ReadonlySet<string>) =>
      new Set(names.filter((name) => !known.has(name))).size;
    return (
      client.matches.size +
      client.competitions.size +
      added(matches, client.matches) +
      added(competitions, client.competitions)
    );
  }

  add(client: WsClient, { matches = [], competitions = [], all }: Selection): void {
    if (all) {
      client.followsAll = true;
      this.ofAll.add(client);
    }
    for (const id of matches) follow(this.ofMatch, client.matches, id, client);
    for (const id of competitions) follow(this.ofCompetition, client.competitions, id, client);
  }

  /** Without names: from everything. */
  remove(client: WsClient, { matches, competitions, all }: Selection): void {
    const isEverything = !matches && !competitions && !all;
    if (all || isEverything) {
      client.followsAll = false;
      this.ofAll.delete(client);
    }
    for (const id of isEverything ? [...client.matches] : (matches ?? []))
      leave(this.ofMatch, client.matches, id, client);
    for (const id of isEverything ? [...client.competitions] : (competitions ?? [])) {
      leave(this.ofCompetition, client.competitions, id, client);
    }
  }

  /** Those who named the match, or its competition, and do not follow everything; some may come twice. */
  *namedBy(matchId: string, competitionId: string | null): Iterable<WsClient> {
    yield* this.ofMatch.get(matchId) ?? [];
    if (competitionId !== null) yield* this.ofCompetition.get(competitionId) ?? [];
  }

  hasListeners(matchId: string, competitionId: string | null): boolean {
    return this.ofAll.size > 0 || this.isNamed(matchId, competitionId);
  }

  /** Did anybody name the match, or its competition? */
  isNamed(matchId: string, competitionId: string | null): boolean {
    return this.ofMatch.has(matchId) || (competitionId !== null && this.ofCompetition.has(competitionId));
  }
}

type Index = Map<string, Set<WsClient>>;

function follow(index: Index, own: Set<string>, id: string, client: WsClient): void {
  own.add(id);
  const clients = index.get(id);
  if (clients) clients.add(client);
  else index.set(id, new Set([client]));
}

function leave(index: Index, own: Set<string>, id: string, client: WsClient): void {
  own.delete(id);
  const clients = index.get(id);
  if (!clients?.delete(client)) return;
  if (clients.size === 0) index.delete(id);
}
