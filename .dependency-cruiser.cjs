// The architecture as rules: which file may import what. Run by `npm run deps`, which also fails on an empty graph.
// Spec files are outside these rules, except that the package never imports them.
const SPEC = '\\.spec\\.ts$';
/** Sources of the operations page: bundled into strings by `npm run build:page`, with all that they import. */
const PAGE = '^src/operations/page/browser/';
/** Stands outside the modules: it is a publisher, a WebSocket client and a reader of the database itself. */
const COMMAND_LINE = '^src/(cli|replay)/';

/** Streams of facts, and the fence that follows the lease: what they keep, they tell everybody at once. */
const STREAMS = '^src/contracts/(committed-changes|match-lookups|provider-changes|settled-predictions|told-changes|write-fence)\\.ts$';
/** Counts, metrics and the log: written by all, read by who shows them. */
const KERNEL_PROVIDERS = '^src/kernel/(accounting|event-log|livescore-metrics|outcome-counter)\\.ts$';

/** The files that may import a technology: `src/<feature>/adapters/<folder>/`, and `also`, each with its reason. */
const TECHNOLOGIES = [
  { packages: ['mqtt'], folder: 'mqtt', also: [COMMAND_LINE] },
  {
    packages: ['pg', 'pg-cursor'],
    folder: 'pg',
    // options: the driver's own connection settings, as a type
    also: [COMMAND_LINE, '^src/postgres/postgres\\.options\\.ts$'],
  },
  {
    packages: ['typeorm', '@nestjs/typeorm'],
    folder: 'typeorm',
    // both find the host's DataSource, to take its connection settings over
    also: ['^src/postgres/adapters/pg/(connection-of|host-data-source)\\.ts$'],
  },
  {
    packages: ['ws', 'socket\\.io', '@nestjs/websockets', '@nestjs/platform-ws'],
    folder: 'ws',
    // the pipeline of Nest knows the exceptions of Nest's own gateways
    also: [COMMAND_LINE, '^src/broadcast/adapters/nest/'],
  },
  {
    packages: ['cache-manager', '@nestjs/cache-manager', 'keyv', '@keyv/.+'],
    folder: 'cache-manager',
    also: [],
  },
  {
    packages: ['@nestjs/schedule'],
    folder: 'schedule',
    also: [],
  },
  {
    packages: ['redis', '@redis/.+'],
    folder: 'redis',
    also: [],
  },
  { packages: ['@nestjs/terminus'], folder: 'terminus', also: [] },
  {
    packages: ['@opentelemetry/api'],
    folder: 'opentelemetry',
    also: [],
  },
  {
    packages: ['prom-client'],
    folder: 'prom-client',
    // the one registry of the package
    also: ['^src/kernel/metrics/metric-registry\\.ts$'],
  },
];

const technologyRules = TECHNOLOGIES.map(({ packages, folder, also }) => ({
  name: `${folder}-in-its-adapters`,
  comment: `${packages[0]} is imported by adapters/${folder} only; everybody else speaks to a port.`,
  severity: 'error',
  from: { path: '^src/', pathNot: [SPEC, `^src/[^/]+/adapters/${folder}/`, ...also] },
  to: { path: `^node_modules/(@types/)?(${packages.join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment: 'src/domain imports nothing outside itself: no package, no node module, no feature.',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: SPEC },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'ports-know-the-domain',
      comment: 'A port speaks domain types and the shared contracts only.',
      severity: 'error',
      from: { path: '^src/([^/]+)/ports/', pathNot: SPEC },
      to: { pathNot: ['^src/(domain|kernel|contracts)/', '^src/$1/ports/', '^node_modules/rxjs/'] },
    },
    ...technologyRules,
    {
      name: 'features-meet-at-the-door',
      comment: 'A feature reaches another one through its module, options, service, errors or ports.',
      severity: 'error',
      from: {
        path: '^src/([^/]+)/',
        pathNot: [SPEC, PAGE, '^src/(domain|kernel|contracts|platform|thesports|testing|replay|cli)/'],
      },
      to: {
        path: '^src/[^/]+/',
        pathNot: [
          '^src/$1/',
          '^src/(domain|kernel|contracts|platform|thesports)/',
          '^src/[^/]+/ports/',
          '^src/postgres/(database|sql-state)\\.ts$',
          '^src/[^/]+/[^/]+\\.(module|options|service|errors)\\.ts$',
          // exported by the module and by the package: the page of operations shows the same facts
          '^src/health/(explain-answer|health-report|readiness)\\.ts$',
        ],
      },
    },
    {
      name: 'kernel-is-the-ground',
      comment: 'src/kernel is below everything but the domain.',
      severity: 'error',
      from: { path: '^src/kernel/', pathNot: SPEC },
      to: { path: '^src/', pathNot: ['^src/(domain|kernel)/'] },
    },
    {
      name: 'platform-knows-the-domain',
      comment: 'src/platform says what the columns of the platform mean in words of the domain; every feature may read it.',
      severity: 'error',
      from: { path: '^src/platform/', pathNot: SPEC },
      to: { pathNot: '^src/(domain|platform)/' },
    },
    {
      name: 'contracts-know-no-feature',
      comment: 'src/contracts is below the features.',
      severity: 'error',
      from: { path: '^src/contracts/', pathNot: SPEC },
      to: { path: '^src/', pathNot: ['^src/(domain|kernel|contracts)/'] },
    },
    {
      name: 'no-blackboards',
      comment:
        'What features say to each other is a stream, or a port of the feature that writes it: no class of the ground is filled by one feature and read by another.',
      severity: 'error',
      from: {
        path: '^src/(contracts|kernel)/',
        pathNot: [SPEC, STREAMS, '[.-](module|options)\\.ts$', KERNEL_PROVIDERS],
      },
      to: { path: 'node_modules/@nestjs/common/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'decoder-is-pure',
      comment: 'The provider format is a function from bytes to domain types: no framework, no technology.',
      severity: 'error',
      from: { path: '^src/thesports/', pathNot: SPEC },
      to: { pathNot: ['^src/(thesports|domain)/', '^buffer$'] },
    },
    {
      name: 'package-stands-alone',
      comment: 'What is published imports nothing that is not.',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: SPEC },
      to: { path: ['^(test|tools|examples|bench|scripts)/', SPEC] },
    },
    {
      name: 'rollout-only-turns-the-switch',
      comment: 'The features know the router of src/contracts, never the rollout: it goes when the legacy path has gone. The page shows it.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(rollout|operations|testing|cli)/', '^src/(index|live-score\\.(module|options))\\.ts$', SPEC] },
      to: { path: '^src/rollout/' },
    },
    {
      name: 'legacy-bridge-can-be-deleted',
      comment: 'One folder to delete one day: the rollout speaks to its ports and modules, the entries export it, nobody else.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/legacy-bridge/', '^src/rollout/index\\.ts$', SPEC] },
      to: { path: '^src/legacy-bridge/', pathNot: ['^src/legacy-bridge/ports/', '\\.module\\.ts$'] },
    },
    {
      name: 'replay-has-a-door',
      comment: 'Who replays a tournament calls src/replay/index.ts; the package itself never does.',
      severity: 'error',
      from: { pathNot: ['^src/replay/', '^(test|tools|bench)/', SPEC] },
      to: { path: '^src/replay/', pathNot: '^src/replay/index\\.ts$' },
    },
    {
      name: 'replay-stands-outside',
      comment: 'The replay sees a host as broker, database and WebSocket client do: it knows no feature and no command.',
      severity: 'error',
      from: { path: '^src/replay/', pathNot: SPEC },
      to: {
        path: '^src/',
        pathNot: ['^src/(replay|domain|kernel|platform)/', '^src/postgres/(sql-state|adapters/pg/open-database)\\.ts$'],
      },
    },
    {
      name: 'cli-is-a-leaf',
      comment: 'Only the demo reuses the command line and the replay.',
      severity: 'error',
      from: { pathNot: ['^src/(cli|replay)/', '^examples/', '^(test|tools|bench)/', SPEC] },
      to: { path: '^src/(cli|replay)/' },
    },
    {
      name: 'client-stands-alone',
      comment: 'The client runs in browsers: nothing of the package comes with it but types.',
      severity: 'error',
      from: { path: '^src/client/', pathNot: SPEC },
      to: { pathNot: '^src/client/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'page-runs-in-browsers',
      comment: 'The page has the client, the plots, the printer of foreign texts and the types of what it is answered.',
      severity: 'error',
      from: { path: PAGE, pathNot: SPEC },
      to: { pathNot: [PAGE, '^src/client/index\\.ts$', '^src/kernel/printable\\.ts$', '^src/operations/facts\\.ts$', 'node_modules/uplot/'] },
    },
    {
      name: 'page-is-a-bundle',
      comment: 'The package serves the page as strings: it imports none of its sources.',
      severity: 'error',
      from: { path: '^src/', pathNot: [PAGE, SPEC] },
      to: { path: PAGE },
    },
    {
      name: 'testing-is-a-leaf',
      comment: 'The published fakes are for hosts and tests.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/testing/', SPEC] },
      to: { path: '^src/testing/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports is dead, unless it is an entry point.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [SPEC, '\\.d\\.ts$', '^src/(index|testing/index|cli/main)\\.ts$', '^src/operations/page/start\\.js$', '^(scripts|bench|examples|test/support|tools/faults)/'],
      },
      to: {},
    },
    {
      name: 'resolvable',
      comment: 'A typo, or a package that is not installed.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared-packages-only',
      comment: 'Published code imports dependencies and peers, never dev dependencies or undeclared packages.',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: [SPEC, PAGE] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm', 'npm-peer', 'type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // hosts of the packed tarball: they have packages of their own
    exclude: { path: '^test/package/hosts/' },
    // type-only imports count: a domain type must not come from a feature either
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.d.ts'],
    },
  },
};
