// What most people write with Nest: ServerMqtt with @EventPattern, TypeORM's update query builder on the default
// pool, and a socket.io gateway (Nest's default adapter) that emits to everybody.
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload, Transport } from '@nestjs/microservices';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Server } from 'socket.io';
import { Column, Entity, PrimaryColumn, Repository } from 'typeorm';
import { type FeedItem, ROW_COLUMNS, rowValues } from './row.js';
import { ScreenScores } from './screen-scores.js';
import { type RunningSubject, runSubject, type SubjectSettings, subjectSettings } from './subject.js';

const settings = subjectSettings();

@Entity('ts_matches')
class MatchRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('varchar') external_id!: string;
  @Column('int') status_id!: number;
  @Column('jsonb') home_scores!: number[];
  @Column('jsonb') away_scores!: number[];
  @Column('int') home_score_display!: number;
  @Column('int') away_score_display!: number;
  @Column('int') home_score_regular!: number;
  @Column('int') away_score_regular!: number;
  @Column('int') home_score_overtime!: number;
  @Column('int') away_score_overtime!: number;
  @Column('int') home_score_penalties!: number;
  @Column('int') away_score_penalties!: number;
  @Column('int') home_red_cards!: number;
  @Column('int') away_red_cards!: number;
  @Column('int') home_yellow_cards!: number;
  @Column('int') away_yellow_cards!: number;
  @Column('int') home_corners!: number;
  @Column('int') away_corners!: number;
  @Column('varchar') home_score_source!: string;
  @Column('varchar') away_score_source!: string;
  @Column('bigint') home_score_timestamp!: number;
  @Column('bigint') away_score_timestamp!: number;
  @Column('varchar') last_update_source!: string;
  @Column('bigint') last_event_ts!: number;
  @Column('int') minute!: number;
  @Column('bigint') score_version!: number;
  @Column('timestamp') updated_at!: Date;
}

@WebSocketGateway()
class ScoreGateway {
  @WebSocketServer() private readonly server!: Server;
  private readonly screen = new ScreenScores();

  show(item: FeedItem): void {
    const frame = this.screen.frameOf(item);
    if (frame) this.server.emit('score', frame);
  }
}

@Controller()
class FeedController {
  readonly counts = { received: 0, absorbed: 0, rows: 0, refused: 0 };

  constructor(
    @InjectRepository(MatchRow) private readonly matches: Repository<MatchRow>,
    private readonly gateway: ScoreGateway,
  ) {}

  @EventPattern<string>(settings.topic)
  async handle(@Payload() items: FeedItem[]): Promise<void> {
    this.counts.received++;
    for (const item of items) {
      const result = await this.matches
        .createQueryBuilder()
        .update()
        .set({ ...toColumns(item), score_version: () => 'score_version + 1', updated_at: () => 'now()' })
        .where('external_id = :id', { id: item.id })
        .execute();
      this.counts.rows += result.affected ?? 0;
      if (result.affected === 1) this.counts.absorbed++;
      else this.counts.refused++;
      this.gateway.show(item);
    }
  }
}

function toColumns(item: FeedItem): Partial<MatchRow> {
  const values = rowValues(item);
  const columns = Object.fromEntries(ROW_COLUMNS.map((column, i) => [column, values[i]]));
  return { ...columns, home_scores: [...item.score[2]], away_scores: [...item.score[3]] };
}

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url: settings.databaseUrl, entities: [MatchRow] }),
    TypeOrmModule.forFeature([MatchRow]),
  ],
  controllers: [FeedController],
  providers: [ScoreGateway],
})
class StockModule {}

async function start({ mqttUrl, qos }: SubjectSettings): Promise<RunningSubject> {
  const app = await NestFactory.create(StockModule, { logger: ['warn', 'error'] });
  app.connectMicroservice({ transport: Transport.MQTT, options: { url: mqttUrl, subscribeOptions: { qos } } });
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  const controller = app.get(FeedController);
  return {
    screen: { protocol: 'socket.io', url: (await app.getUrl()).replace('[::1]', '127.0.0.1') },
    counts: () => ({ ...controller.counts }),
    stop: () => app.close(),
  };
}

await runSubject(start);
