import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { optionsModule } from '../kernel/options-module.js';
import { decodeMessage } from '../thesports/decode-message.js';
import { Acknowledgements } from './adapters/mqtt/acknowledgements.js';
import { ClientIdentity } from './adapters/mqtt/client-identity.js';
import { ConnectionReport } from './adapters/mqtt/connection-report.js';
import { MqttFeedConnection } from './adapters/mqtt/mqtt-feed-connection.js';
import { TopicSubscription } from './adapters/mqtt/topic-subscription.js';
import { FeedLog } from './feed-log.js';
import { HostHandlers } from './host-handlers.js';
import { LeaseConnectionGate } from './lease-connection-gate.js';
import { MessageIntake } from './message-intake.js';
import { MessageRate } from './message-rate.js';
import { MqttFeedStatus } from './mqtt-feed-status.service.js';
import { MqttFeedTransport } from './mqtt-feed-transport.js';
import { ResolvedMqttIngestOptions, resolveMqttIngestOptions } from './mqtt-ingest.options.js';
import { FeedConnection } from './ports/feed-connection.js';
import { MessageDecoder } from './ports/message-decoder.js';
import { RedeliveryGate } from './redelivery-gate.js';

/**
 * The live feed: MQTT messages become updates of the `UpdateSink`. It connects when the host calls
 * `connectLiveScoreFeed(app)`. Needs an `UpdateSink` in the application (ScoreWriterModule).
 */
@Module({
  imports: [ContractsModule],
  providers: [
    { provide: MessageDecoder, useValue: { decode: decodeMessage } satisfies MessageDecoder },
    { provide: FeedConnection, useClass: MqttFeedConnection },
    Acknowledgements,
    ClientIdentity,
    ConnectionReport,
    FeedLog,
    LeaseConnectionGate,
    HostHandlers,
    MessageIntake,
    MessageRate,
    MqttFeedStatus,
    MqttFeedTransport,
    RedeliveryGate,
    TopicSubscription,
  ],
  exports: [MqttFeedStatus, MqttFeedTransport],
})
export class MqttIngestModule extends optionsModule(
  'mqtt-ingest',
  ResolvedMqttIngestOptions,
  resolveMqttIngestOptions,
) {}
