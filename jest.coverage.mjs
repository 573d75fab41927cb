import base from './jest.config.mjs';

/**
 * Every branch of the domain is tested by the domain's own specs. An arm that the types make impossible
 * (the `never` check at the end of a switch) carries `istanbul ignore next` with the reason.
 * @type {import('jest').Config}
 */
export default {
  ...base,
  globalSetup: undefined,
  globalTeardown: undefined,
  roots: ['<rootDir>/src/domain'],
  collectCoverage: true,
  coverageProvider: 'babel',
  collectCoverageFrom: ['src/domain/**/*.ts', '!**/*.spec.ts'],
  coverageReporters: ['text'],
  coverageThreshold: { global: { branches: 100, functions: 100, lines: 100 } },
};
