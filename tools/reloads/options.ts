import { parseArgs } from 'node:util';

/** How the host runs under PM2: as in examples/pm2/ecosystem.config.cjs. */
export const PM2_MODES = ['fork', 'pair', 'cluster'] as const;
export type Pm2Mode = (typeof PM2_MODES)[number];

/** `loop`: hosts that cannot start. `restarts`: the modules, again and again in one process. */
export const MODES = [...PM2_MODES, 'loop', 'restarts'] as const;
export type Mode = (typeof MODES)[number];

export interface ReloadsOptions {
  readonly modes: readonly Mode[];
  /** of each mode of PM2 */
  readonly reloads: number;
  /** of the modules in one process */
  readonly restarts: number;
  readonly perSecond: number;
  readonly seed: number;
  /** the busy machine of a check: fewer of everything */
  readonly short: boolean;
  readonly json: boolean;
}

export function readOptions(args: readonly string[]): ReloadsOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      mode: { type: 'string', multiple: true },
      reloads: { type: 'string' },
      restarts: { type: 'string' },
      rate: { type: 'string', default: '500' },
      seed: { type: 'string', default: '1' },
      short: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { short } = values;
  return {
    modes: values.mode?.map(modeOf) ?? (short ? ['cluster', 'loop'] : MODES),
    reloads: whole('--reloads', values.reloads ?? (short ? '1' : '20'), 1, 1_000),
    restarts: whole('--restarts', values.restarts ?? '100', 20, 10_000),
    perSecond: whole('--rate', values.rate, 1, 5_000),
    seed: whole('--seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    short,
    json: values.json,
  };
}

function modeOf(text: string): Mode {
  const mode = MODES.find((one) => one === text);
  if (!mode) throw new Error(`--mode must be one of ${MODES.join(', ')}, got ${text}`);
  return mode;
}

function whole(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new Error(`${name} must be a whole number from ${min} to ${max}, got ${text}`);
}
