import { Inject, Optional } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { LiveScoreError } from '../../../kernel/livescore.errors.js';

/**
 * The host's TypeORM data source, once Nest has made it. Which one is an option, known only when the modules are described:
 * it is asked for as a constructor parameter, for which Nest waits.
 * @param name as it was registered; undefined: the one without a name, if there is one
 * @throws LiveScoreError `LIVESCORE_NO_DATA_SOURCE` when none has that name
 */
export async function hostDataSource(moduleRef: ModuleRef, name: string | undefined): Promise<DataSource | undefined> {
  class Wanted {
    constructor(@Optional() @Inject(getDataSourceToken(name)) readonly dataSource?: DataSource) {}
  }
  const { dataSource } = await moduleRef.create(Wanted);
  if (dataSource || name === undefined) return dataSource;
  throw new LiveScoreError(
    'LIVESCORE_NO_DATA_SOURCE',
    `PostgresModule: no TypeORM data source is named "${name}". Import TypeOrmModule.forRoot({ name: "${name}", … }), or correct the option "dataSource".`,
  );
}
