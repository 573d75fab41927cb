import { DataSource, EntitySchema, type Repository } from 'typeorm';
import type { ProviderItem } from '../src/provider/ports/provider-lists.js';
import { COLUMNS } from './sync-columns.js';
import { SyncSubject } from './sync-subjects.js';

type Player = Record<string, unknown>;

/** `external_id` is not the primary key of the platform's table, and TypeORM wants one. */
const PLAYER = new EntitySchema<Player>({
  name: 'Player',
  tableName: 'ts_players',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    ...Object.fromEntries(COLUMNS.map(({ name, type }) => [name, { type, nullable: true }])),
    updated_at: { type: 'timestamp', updateDate: true },
  },
});

/** What most people write with Nest: `repository.upsert` of a page at once. */
export class TypeormUpsert extends SyncSubject {
  private constructor(
    private readonly dataSource: DataSource,
    private readonly players: Repository<Player>,
  ) {
    super();
  }

  static async connect(url: string): Promise<TypeormUpsert> {
    const dataSource = await new DataSource({ type: 'postgres', url, poolSize: 1, entities: [PLAYER] }).initialize();
    return new TypeormUpsert(dataSource, dataSource.getRepository(PLAYER));
  }

  override async store(items: readonly ProviderItem[]): Promise<void> {
    const rows = items.map((item) =>
      Object.fromEntries(COLUMNS.map(({ name, type, read }) => [name, type === 'jsonb' ? item[name] : read(item)])),
    );
    await this.players.upsert(rows, ['external_id']);
  }

  override close(): Promise<void> {
    return this.dataSource.destroy();
  }
}
