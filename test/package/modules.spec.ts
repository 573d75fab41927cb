import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { DynamicModule, Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import * as livescore from '../../src/index.js';
import { LogsModule } from '../../src/kernel/logs.module.js';
import { OperationsModule } from '../../src/operations/operations.module.js';
import { RetentionModule } from '../../src/retention/retention.module.js';

/** No connection is opened before a statement needs one. */
const POSTGRES = { connection: 'postgres://nobody@127.0.0.1:1/none' };

type Part = DynamicModule | Type<unknown>;

const PARTS: Readonly<Record<string, () => Part>> = {
  AfterCommitModule: () => livescore.AfterCommitModule,
  BroadcastModule: () => livescore.BroadcastModule.forRoot(),
  DeadLettersModule: () => livescore.DeadLettersModule.forRoot(),
  FeedRecoveryModule: () => livescore.FeedRecoveryModule.forRoot(),
  ForeignWritersModule: () => livescore.ForeignWritersModule.forRoot(),
  HealthModule: () => livescore.HealthModule.forRoot(),
  LeaseModule: () => livescore.LeaseModule.forRoot(),
  LegacyCallersModule: () => livescore.LegacyCallersModule,
  MatchCacheModule: () => livescore.MatchCacheModule.forRoot(),
  MatchDetailsModule: () => livescore.MatchDetailsModule,
  MinuteModule: () => livescore.MinuteModule.forRoot(),
  MqttIngestModule: () => livescore.MqttIngestModule.forRoot(),
  OperationsModule: () => OperationsModule.forRoot(),
  PostgresModule: () => livescore.PostgresModule.forRoot(POSTGRES),
  LogsModule: () => LogsModule.forRoot(),
  ProviderModule: () => livescore.ProviderModule.forRoot(),
  ReannounceModule: () => livescore.ReannounceModule,
  RetentionModule: () => RetentionModule.forRoot(),
  RolloutModule: () => livescore.RolloutModule.forRoot({ legacy: 'none' }),
  ScoreWriterModule: () => livescore.ScoreWriterModule.forRoot(),
  SettlementModule: () => livescore.SettlementModule.forRoot(),
  SyncModule: () => livescore.SyncModule.forRoot(),
};

/** `| `Module` | `Needed`, `Needed` | … |`: the table of docs/modules.md. */
const text = readFileSync('docs/modules.md', 'utf8');
const documented = [...text.matchAll(/^\| `(\w+Module)`(?:, no options)? \| ([^|]*) \|/gm)].map(
  ([, name = '', needed = '']) => ({ name, needed: [...needed.matchAll(/`(\w+Module)`/g)].map(([, one = '']) => one) }),
);
/** `| `Name`, `Name` | `Module` |`: which module is missing, by the name that Nest says it misses. */
const exportsOf = new Map(
  [...text.matchAll(/^\| ((?:`\w+`(?:, )?)+) \| `(\w+Module)` \|$/gm)].map(([, names = '', name = '']) => [
    name,
    [...names.matchAll(/`(\w+)`/g)].map(([, one = '']) => one),
  ]),
);
const neededBy = new Map(documented.map(({ name, needed }) => [name, needed]));

/** With all that those need in turn, each once, in front of who needs it. */
function withNeeded(names: readonly string[]): string[] {
  const all = names.flatMap((name) => [...withNeeded(neededBy.get(name) ?? []), name]);
  return [...new Set(all)];
}

let host: TestingModule | undefined;

async function boot(names: readonly string[]): Promise<void> {
  const imports = names.map((name) => {
    const part = PARTS[name];
    if (!part) throw new Error(`docs/modules.md names ${name}, which is not to be had`);
    return part();
  });
  host = await Test.createTestingModule({ imports }).compile();
}

afterEach(async () => {
  await host?.close();
  host = undefined;
});

describe('the table of docs/modules.md', () => {
  it('has every module', () => {
    expect(documented.map(({ name }) => name).sort()).toEqual(Object.keys(PARTS).sort());
  });

  it.each(documented)('$name boots with $needed and what they need', async ({ name }) => {
    await boot(withNeeded([name]));
    expect(host).toBeDefined();
  });

  it.each(documented)('$name boots before what it needs, too', async ({ name }) => {
    await boot(withNeeded([name]).reverse());
    expect(host).toBeDefined();
  });

  const missing = documented.flatMap(({ name, needed }) => needed.map((one) => ({ name, one })));
  it.each(missing)('$name without $one: the name that Nest misses stands beside $one', async ({ name, one }) => {
    const without = withNeeded([name]).filter((other) => other !== one && !withNeeded([other]).includes(one));
    const error = await boot([...new Set([...without, name])]).then(
      () => undefined,
      (reason: Error) => reason,
    );
    const [, missed] = /argument "?(\w+)"? at index/.exec(error?.message ?? '') ?? [];
    expect(exportsOf.get(one)).toContain(missed);
  });
});
