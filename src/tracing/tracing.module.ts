import { Module } from '@nestjs/common';
import { ChangeFollower } from '../contracts/change-follower.js';
import { optionsModule } from '../kernel/options-module.js';
import { ChangeSpans } from './adapters/opentelemetry/change-spans.js';
import { ResolvedTracingOptions, resolveTracingOptions } from './tracing.options.js';

/**
 * The module makes a trace of each goal, from its frame to the clients, for hosts with the OpenTelemetry SDK. Needs `@opentelemetry/api`. Imported
 * beside `LiveScoreModule`; a host without it pays nothing.
 */
@Module({ providers: [{ provide: ChangeFollower, useClass: ChangeSpans }], exports: [ChangeFollower] })
export class TracingModule extends optionsModule('tracing', ResolvedTracingOptions, resolveTracingOptions) {}
