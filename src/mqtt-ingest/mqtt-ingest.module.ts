import { ConfigurableModuleBuilder, type DynamicModule, Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { decodeMessage } from '../thesports/decode-message.js';
import { Acknowledgements } from './adapters/mqtt/acknowledgements.js';
import { ClientIdentity } from './adapters/mqtt/client-identity.js';
import { ConnectionReport } from './adapters/mqtt/connection-report.js';
import { MqttFeedConnection } from './adapters/mqtt/mqtt-feed-connection.js';
import { TopicSubscription } from './adapters/mqtt/topic-subscription.js';
import { FeedLog } from './feed-log.js';
import { HostHandlers } from './host-handlers.js';
import { IntakeBooks } from './intake-books.js';
import { LeaseConnectionGate } from './lease-connection-gate.js';
import { MessageIntake } from './message-intake.js';
import { MessageRate } from './message-rate.js';
import { MqttFeedStatus } from './mqtt-feed-status.service.js';
import { MqttFeedTransport } from './mqtt-feed-transport.js';
import { type MqttIngestOptions, resolveMqttIngestOptions } from './mqtt-ingest.options.js';
import { RESOLVED_MQTT_INGEST_OPTIONS } from './mqtt-ingest.tokens.js';
import { FeedConnection } from './ports/feed-connection.js';
import { MessageDecoder } from './ports/message-decoder.js';
import { RedeliveryGate } from './redelivery-gate.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<MqttIngestOptions>({
    optionsInjectionToken: Symbol.for('@goalgpt/livescore/mqtt-ingest/options'),
  })
    .setClassMethodName('forRoot')
    .setExtras({}, (definition) => ({ ...definition, global: true }))
    .build();

/**
 * The live feed: MQTT messages become updates of the `UpdateSink`. It connects when the host calls
 * `connectLiveScoreFeed(app)`. Needs an `UpdateSink` in the application (ScoreWriterModule).
 */
@Module({
  imports: [ContractsModule],
  providers: [
    {
      provide: RESOLVED_MQTT_INGEST_OPTIONS,
      useFactory: resolveMqttIngestOptions,
      inject: [MODULE_OPTIONS_TOKEN],
    },
    { provide: MessageDecoder, useValue: { decode: decodeMessage } satisfies MessageDecoder },
    { provide: FeedConnection, useClass: MqttFeedConnection },
    Acknowledgements,
    ClientIdentity,
    ConnectionReport,
    FeedLog,
    LeaseConnectionGate,
    HostHandlers,
    IntakeBooks,
    MessageIntake,
    MessageRate,
    MqttFeedStatus,
    MqttFeedTransport,
    RedeliveryGate,
    TopicSubscription,
  ],
  exports: [MqttFeedStatus, MqttFeedTransport],
})
export class MqttIngestModule extends ConfigurableModuleClass {
  /** @throws InvalidOptionError at bootstrap, when an option is wrong */
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    return { ...ConfigurableModuleClass.forRoot(options), module: MqttIngestModule };
  }
}
