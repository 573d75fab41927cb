import { type LiveScoreOptions, MatchStatus } from '@goalgpt/livescore';
import { livescoreMigrations, runLivescoreMigrations } from '@goalgpt/livescore/migrations';
import { platformSchemaSql } from '@goalgpt/livescore/testing';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { HostModule } from './host.module.js';

describe('a host of @goalgpt/livescore', () => {
  it('compiles with the modules and migrates its database', async () => {
    const host = await Test.createTestingModule({ imports: [HostModule] }).compile();
    const dataSource = host.get(DataSource);
    await dataSource.query(platformSchemaSql);
    await runLivescoreMigrations(dataSource);
    const [{ count }] = await dataSource.query(
      `SELECT count(*)::int FROM information_schema.columns WHERE table_name = 'ts_matches' AND column_name = 'score_version'`,
    );
    expect(count).toBe(1);
    await host.close();
  });

  it('gets values and types from every entry point', () => {
    const options: LiveScoreOptions = { mqtt: { qos: 1 } };
    expect(options.mqtt?.qos).toBe(1);
    expect(MatchStatus.HalfTime).toBe(3);
    expect(livescoreMigrations.length).toBeGreaterThan(0);
  });
});
