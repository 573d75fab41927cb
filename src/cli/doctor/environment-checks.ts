import { withMode } from '../../kernel/feature-mode.js';
import { LiveScoreError } from '../../kernel/livescore.errors.js';
import { readOptions } from '../../kernel/options.js';
import { isAddress } from '../../kernel/service-address.js';
import { environmentCaps } from '../../rollout/rollout.options.js';
import type { Environment } from '../command.js';
import { type Check, type Finding, fault, warning } from './finding.js';

/** `engines` of the package. */
const LEAST_NODE = 20;

/** Checks that look at the process and its environment only. */
export function environmentChecks(env: Environment, nodeVersion: string): readonly Check[] {
  return [
    { name: 'Node.js', look: async () => ({ findings: nodeFindings(nodeVersion), seen: nodeVersion }) },
    { name: 'addresses', look: async () => ({ findings: addressFindings(env), seen: 'all that are set can be read' }) },
    { name: 'rollout', look: async () => ({ findings: capFindings(env), seen: 'nothing lowers the stage here' }) },
    { name: 'feature modes', look: async () => ({ findings: modeFindings(env), seen: modesText(env) }) },
    { name: 'provider', look: async () => ({ findings: providerFindings(env), seen: 'user and secret are set' }) },
  ];
}

function nodeFindings(version: string): readonly Finding[] {
  const major = Number(/^v?(\d+)/.exec(version)?.[1] ?? 0);
  if (major >= LEAST_NODE) return [];
  return [fault('LIVESCORE_NODE_TOO_OLD', `Node.js ${version} runs this`, `use Node.js ${LEAST_NODE} or later`)];
}

const ADDRESSES = [
  ['DATABASE_URL', 'database'],
  ['MQTT_URL', 'MQTT broker'],
  ['REDIS_BUS_URL', 'Redis'],
] as const;

function addressFindings(env: Environment): readonly Finding[] {
  return ADDRESSES.flatMap(([name, service]) => {
    const text = env[name];
    if (!text || isAddress(service, text)) return [];
    const todo =
      'write it like scheme://user:password@host:port/name, with / ? # @ % and : of user and password percent-encoded';
    return [fault('LIVESCORE_UNREADABLE_ADDRESS', `${name} cannot be read as an address`, todo)];
  });
}

function capFindings(env: Environment): readonly Finding[] {
  try {
    const { killSwitch, maxStage } = environmentCaps(env);
    const found: Finding[] = [];
    if (killSwitch) {
      found.push(
        warning(
          'LIVESCORE_KILL_SWITCH_ON',
          'LIVESCORE_KILL_SWITCH is on: every match is on the legacy path',
          'unset it to let the stage decide',
        ),
      );
    }
    if (maxStage !== 'direct') {
      found.push(
        warning(
          'LIVESCORE_MAX_STAGE_SET',
          `LIVESCORE_MAX_STAGE is ${maxStage}: this process goes no further`,
          'unset it to let the stage decide',
        ),
      );
    }
    return found;
  } catch (error) {
    return optionFaults(error);
  }
}

const MODES = ['LIVESCORE_MINUTE', 'LIVESCORE_SETTLEMENT', 'LIVESCORE_SYNC'] as const;

function modeFindings(env: Environment): readonly Finding[] {
  return MODES.flatMap((variable) => {
    try {
      readOptions('environment', withMode({}, variable, env), {});
      return [];
    } catch (error) {
      return optionFaults(error);
    }
  });
}

function modesText(env: Environment): string {
  return MODES.map((variable) => `${variable} ${env[variable]?.trim() || 'unset'}`).join(', ');
}

/** The words of the boot: variable, what it may be, what it is. */
function optionFaults(error: unknown): readonly Finding[] {
  if (!(error instanceof LiveScoreError)) throw error;
  return error.message
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) =>
      fault('LIVESCORE_INVALID_OPTION', line.trim(), 'correct the variable: the host does not boot with it'),
    );
}

function providerFindings({ THESPORTS_API_USER: user, THESPORTS_API_SECRET: secret }: Environment): readonly Finding[] {
  if (user && secret) return [];
  if (!user && !secret) {
    return [
      warning(
        'LIVESCORE_NO_PROVIDER',
        'THESPORTS_API_USER and THESPORTS_API_SECRET are not set here: what the feed misses would be lost, and the sync has nobody to ask',
        'set both, or make sure that the host gets provider.user and provider.secret in another way',
      ),
    ];
  }
  const [set, missing] = user
    ? ['THESPORTS_API_USER', 'THESPORTS_API_SECRET']
    : ['THESPORTS_API_SECRET', 'THESPORTS_API_USER'];
  return [
    fault(
      'LIVESCORE_HALF_PROVIDER',
      `${set} is set, ${missing} is not: the provider refuses every request`,
      `set ${missing}, too`,
    ),
  ];
}
