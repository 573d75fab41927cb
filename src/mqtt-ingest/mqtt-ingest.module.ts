import { Module } from '@nestjs/common';
import { ContractsModule } from '../contracts/contracts.module.js';
import { optionsModule } from '../kernel/options-module.js';
import { decodeMessage } from '../thesports/decode-message.js';
import { Acknowledgements } from './adapters/mqtt/acknowledgements.js';
import { ClientIdentity } from './adapters/mqtt/client-identity.js';
import { ConnectionReport } from './adapters/mqtt/connection-report.js';
import { MqttFeedConnection } from './adapters/mqtt/mqtt-feed-connection.js';
import { ReadingPause } from './adapters/mqtt/reading-pause.js';
import { TopicSubscription } from './adapters/mqtt/topic-subscription.js';
import { FeedLog } from './feed-log.js';
import { FeedSignalStream } from './feed-signal-stream.js';
import { HostHandlers } from './host-handlers.js';
import { IntakeBooks } from './intake-books.js';
import { LeaseConnectionGate } from './lease-connection-gate.js';
import { MessageIntake } from './message-intake.js';
import { MessageRate } from './message-rate.js';
import { MqttFeedStatus } from './mqtt-feed-status.service.js';
import { MqttFeedTransport } from './mqtt-feed-transport.js';
import { MqttHealthProbe } from './mqtt-health-probe.js';
import { ResolvedMqttIngestOptions, resolveMqttIngestOptions } from './mqtt-ingest.options.js';
import { BrokerBackpressure } from './ports/broker-backpressure.js';
import { FeedConnection } from './ports/feed-connection.js';
import { FeedSignals } from './ports/feed-signals.js';
import { MatchActivity } from './ports/match-activity.js';
import { MessageDecoder } from './ports/message-decoder.js';
import { PushTimes } from './push-times.js';
import { RedeliveryGate } from './redelivery-gate.js';
import { UnacknowledgedBacklog } from './unacknowledged-backlog.js';
import { UnsettledFrames } from './unsettled-frames.js';

/**
 * The module takes the live feed: MQTT messages become updates of the `UpdateSink`. It connects when the host calls
 * `connectLiveScoreFeed(app)`. Needs an `UpdateSink` in the application (ScoreWriterModule).
 */
@Module({
  imports: [ContractsModule],
  providers: [
    { provide: MessageDecoder, useValue: { decode: decodeMessage } satisfies MessageDecoder },
    { provide: FeedConnection, useClass: MqttFeedConnection },
    FeedSignalStream,
    { provide: FeedSignals, useExisting: FeedSignalStream },
    UnacknowledgedBacklog,
    { provide: BrokerBackpressure, useExisting: UnacknowledgedBacklog },
    PushTimes,
    { provide: MatchActivity, useExisting: PushTimes },
    Acknowledgements,
    ClientIdentity,
    ConnectionReport,
    FeedLog,
    LeaseConnectionGate,
    HostHandlers,
    IntakeBooks,
    MqttHealthProbe,
    MessageIntake,
    MessageRate,
    MqttFeedStatus,
    MqttFeedTransport,
    ReadingPause,
    RedeliveryGate,
    TopicSubscription,
    UnsettledFrames,
  ],
  exports: [BrokerBackpressure, FeedConnection, FeedSignals, MatchActivity, MqttFeedStatus, MqttFeedTransport],
})
export class MqttIngestModule extends optionsModule(
  'mqtt-ingest',
  ResolvedMqttIngestOptions,
  resolveMqttIngestOptions,
) {}
