// PM2 settings for a host of @goalgpt/livescore: see docs/deploy.md. PM2_MODE chooses how it runs:
//   pair     two processes in fork mode; one takes the feed, the other stands by and takes over during a reload (default)
//   cluster  one process in cluster mode: PM2 starts the next one beside it and ends the old one when the new one is ready
//   fork     one process: a reload is a restart
const { join } = require('node:path');

const NAME = 'goalgpt-backend';
const FIRST_PORT = Number(process.env.PORT ?? 3001);

const settings = {
  // a compiled file, run by node itself: started through npm, neither node_args nor the signals reach the application
  script: process.env.PM2_SCRIPT ?? join(__dirname, '../../dist/app/examples/host/main.js'),
  cwd: join(__dirname, '../..'),
  node_args: '--max-old-space-size=2048',
  max_memory_restart: '1800M',
  // the process says `ready` when its database answers and it listens; PM2 goes on without it after listen_timeout
  wait_ready: true,
  listen_timeout: 60_000,
  // SIGINT, then SIGKILL after this; the application drains in 5 s
  kill_timeout: 15_000,
  // stopped after 10 starts that each lived less than 10 s, within 100 s: so the delay must be well below 10 s
  min_uptime: 10_000,
  max_restarts: 10,
  restart_delay: 3_000,
  time: true,
  // PM2's own module swallows rejections: a start that fails would stay "online"
  pmx: false,
  // reading the source maps of every module makes a start a third slower
  disable_source_map_support: true,
};

/** Each process needs its own port, and its own name for the lease: PM2 counts NODE_APP_INSTANCE per name, so it is set here. */
function process_(nth) {
  return {
    ...settings,
    name: nth === 0 ? NAME : `${NAME}-${nth + 1}`,
    exec_mode: 'fork',
    instance_var: 'PM2_INSTANCE',
    env: { NODE_APP_INSTANCE: String(nth), PORT: String(FIRST_PORT + nth) },
  };
}

const MODES = {
  pair: [process_(0), process_(1)],
  cluster: [{ ...settings, name: NAME, exec_mode: 'cluster', instances: 1, env: { PORT: String(FIRST_PORT) } }],
  fork: [process_(0)],
};

const mode = process.env.PM2_MODE ?? 'pair';
if (!(mode in MODES)) throw new Error(`PM2_MODE must be one of ${Object.keys(MODES).join(', ')}, received "${mode}"`);

module.exports = { apps: MODES[mode] };
