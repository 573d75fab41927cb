import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Source = typeof import('../../../src/score-writer/score-writer.module.js') &
  typeof import('../../../src/provider/provider.module.js') &
  typeof import('../../../src/mqtt-ingest/mqtt-ingest.module.js') &
  typeof import('../../../src/mqtt-ingest/mqtt-feed-transport.js') &
  typeof import('../../../src/mqtt-ingest/ports/feed-connection.js') &
  typeof import('../../../src/provider/ports/provider-api.js') &
  typeof import('../../../src/provider/provider.errors.js') &
  typeof import('../../../src/score-writer/ports/score-store.js') &
  typeof import('../../../src/contracts/committed-changes.js') & {
    readonly FeedSignals: typeof import('../../../src/mqtt-ingest/feed-signal-stream.js').FeedSignalStream;
  } & typeof import('../../../src/contracts/update-sink.js') &
  typeof import('../../../src/kernel/accounting.js') &
  typeof import('../../../src/kernel/clock.js') &
  typeof import('../../../src/kernel/scheduler.js') &
  typeof import('../../../src/thesports/decode-message.js') &
  typeof import('../../../src/testing/in-memory-score-row.js');

/** Where the classes are; a second name is that of an earlier commit. */
const FILES: readonly (readonly string[])[] = [
  ['score-writer/score-writer.module'],
  ['score-writer/ports/score-store'],
  ['provider/provider.module'],
  ['provider/ports/provider-api'],
  ['provider/provider.errors'],
  ['mqtt-ingest/mqtt-ingest.module'],
  ['mqtt-ingest/mqtt-feed-transport'],
  ['mqtt-ingest/ports/feed-connection'],
  ['contracts/committed-changes', 'shared/committed-changes'],
  ['mqtt-ingest/feed-signal-stream', 'contracts/feed-signals', 'shared/feed-signals'],
  ['contracts/update-sink', 'shared/update-sink'],
  ['kernel/accounting', 'shared/accounting'],
  ['kernel/clock', 'shared/clock'],
  ['kernel/scheduler', 'shared/scheduler'],
  ['thesports/decode-message'],
  ['testing/in-memory-score-row'],
];

/** The parts of one compiled build of the package, and the Nest that they use. */
export interface Build {
  readonly parts: Source;
  readonly Test: typeof import('@nestjs/testing').Test;
  readonly Logger: typeof import('@nestjs/common').Logger;
}

/**
 * Loads the build of a checkout. What differs between commits is known here and nowhere else.
 * @param checkout folder with `package.json`
 * @param compiled folder with the compiled `src`, below the checkout
 * @throws when a file is at none of its known places
 */
export async function loadBuild(checkout: string, compiled = join('dist', 'app')): Promise<Build> {
  const require = createRequire(join(checkout, 'package.json'));
  const parts: { FeedSignalStream?: unknown; FeedSignals?: unknown } = {};
  for (const names of FILES) {
    const paths = names.flatMap((name) =>
      ['js', 'ts'].map((ending) => join(checkout, compiled, 'src', `${name}.${ending}`)),
    );
    const path = paths.find((each) => existsSync(each));
    if (!path) throw new Error(`No build of the package: ${paths.join(' and ')} are missing`);
    Object.assign(parts, await import(pathToFileURL(path).href));
  }
  return {
    parts: { ...parts, FeedSignals: parts.FeedSignalStream ?? parts.FeedSignals } as Source,
    Test: require('@nestjs/testing').Test,
    Logger: require('@nestjs/common').Logger,
  };
}
