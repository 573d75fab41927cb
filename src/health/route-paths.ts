import type { OptionPlace, OptionRule } from '../kernel/options.js';
import { checked, derived, object } from '../kernel/options-rules.js';

/** Every route of the package, by name, with its path. */
const PATHS = {
  health: 'health',
  ready: 'ready',
  healthReady: 'health/ready',
  detailed: 'health/detailed',
  pool: 'health/pool',
  sync: 'sync/status',
  latency: 'metrics/latency',
  webSocket: 'metrics/websocket',
  explain: 'livescore/explain',
  metrics: 'metrics',
} as const;

export type RouteName = keyof typeof PATHS;
/** Path without slashes at its ends; false: the route is off. */
export type RoutePaths = Readonly<Record<RouteName, string | false>>;

/**
 * Where the routes are: a path of letters, digits, `.`, `_`, `~`, `-` and `/`, or `false` for no such route. A version is a part of
 * the path. The host's global prefix comes before it as well.
 */
export interface RouteOptions {
  /** Put before the path of every route, as in `internal/v1`. @default none */
  readonly prefix?: string;
  /** Liveness, public. @default 'health' */
  readonly health?: string | false;
  /** Readiness, public. @default 'ready' */
  readonly ready?: string | false;
  /** Readiness once more, public. @default 'health/ready' */
  readonly healthReady?: string | false;
  /** Memory and versions of the process, with the internal secret. @default 'health/detailed' */
  readonly detailed?: string | false;
  /** Connections to the database, with the internal secret. @default 'health/pool' */
  readonly pool?: string | false;
  /** Live matches here and at the provider, with the internal secret. @default 'sync/status' */
  readonly sync?: string | false;
  /** Latencies of the last changes, with the internal secret. @default 'metrics/latency' */
  readonly latency?: string | false;
  /** Connections of clients, with the internal secret. @default 'metrics/websocket' */
  readonly webSocket?: string | false;
  /** Why frames of a match were applied or not, with the internal secret; the match follows. @default 'livescore/explain' */
  readonly explain?: string | false;
  /** Text for Prometheus, public; only there with the extra `metrics`. @default 'metrics' */
  readonly metrics?: string | false;
}

const SHAPE = /^\/?[\w.~-]+(\/[\w.~-]+)*\/?$/;
const isPath = (value: unknown): boolean => typeof value === 'string' && SHAPE.test(value);
const EXPECTED = 'a path like "internal/health"';

const path = (fallback: string): OptionRule<string | false> =>
  checked<string | false>(`${EXPECTED}, or false`, (value) => value === false || isPath(value), fallback);

/** Reads {@link RouteOptions}; two routes cannot have one path. */
export const routePaths: OptionRule<RoutePaths> = derived(
  object({
    prefix: checked(EXPECTED, isPath, ''),
    health: path(PATHS.health),
    ready: path(PATHS.ready),
    healthReady: path(PATHS.healthReady),
    detailed: path(PATHS.detailed),
    pool: path(PATHS.pool),
    sync: path(PATHS.sync),
    latency: path(PATHS.latency),
    webSocket: path(PATHS.webSocket),
    explain: path(PATHS.explain),
    metrics: path(PATHS.metrics),
  }),
  ({ prefix, ...given }, place) => {
    const named = Object.entries(given) as [RouteName, string | false][];
    const paths = named.map(([name, one]): [RouteName, string | false] => [name, one && whole(prefix, one)]);
    refuseTwice(paths, place);
    return Object.fromEntries(paths) as RoutePaths;
  },
);

function whole(prefix: string, path: string): string {
  return [prefix, path].flatMap((one) => String(one).split('/').filter(Boolean)).join('/');
}

/** Frameworks do not tell paths apart by case. */
function refuseTwice(paths: readonly (readonly [RouteName, string | false])[], place: OptionPlace): void {
  const taken = new Map<string, RouteName>();
  for (const [name, path] of paths) {
    if (path === false) continue;
    const other = taken.get(path.toLowerCase());
    if (other) place.inside(name).refuse(`another path than that of "${other}"`, path);
    taken.set(path.toLowerCase(), name);
  }
}
