import { describe, expect, it } from '@jest/globals';
import { InvalidOptionError } from '../kernel/livescore.errors.js';
import { resolveHealthOptions } from './health.options.js';
import type { RouteOptions } from './route-paths.js';

const pathsOf = (routes?: RouteOptions) => resolveHealthOptions({ routes }).routes;

function faultsOf(routes: object): readonly string[] {
  try {
    pathsOf(routes);
    return [];
  } catch (error) {
    return error instanceof InvalidOptionError ? error.message.split('\n') : [String(error)];
  }
}

describe('the option health.routes', () => {
  it('has the paths that scripts ask for when nothing is said', () => {
    expect(pathsOf()).toEqual({
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
    });
  });

  it('moves a route, puts all of them under a prefix or a version, and leaves one out', () => {
    const { health, ready, pool } = pathsOf({ prefix: '/internal/v1/', health: 'healthz', pool: false });
    expect({ health, ready, pool }).toEqual({ health: 'internal/v1/healthz', ready: 'internal/v1/ready', pool: false });
  });

  it.each([
    ['a path with a parameter', { health: 'health/:id' }, /option "routes.health" must be a path like .*, or false/],
    ['no text', { health: '' }, /option "routes.health"/],
    ['a wildcard', { ready: '*' }, /option "routes.ready"/],
    ['a way out', { ready: 'a//b' }, /option "routes.ready"/],
    ['true', { pool: true }, /option "routes.pool"/],
    ['a prefix that is off', { prefix: false }, /option "routes.prefix" must be a path/],
    ['a name that is none', { healthz: 'health' }, /option "routes.healthz" must be left out.*did you mean "health"/],
    ['the path of another', { health: 'Ready' }, /option "routes.ready" must be another path than that of "health"/],
  ])('refuses %s', (_what, routes, expected) => {
    expect(faultsOf(routes)).toEqual([expect.stringMatching(expected)]);
  });
});
