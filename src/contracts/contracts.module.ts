import { Global, Module } from '@nestjs/common';
import { KernelModule } from '../kernel/kernel.module.js';
import { CommittedChanges } from './committed-changes.js';
import { MatchLookups } from './match-lookups.js';
import { ProviderChanges } from './provider-changes.js';
import { SettledPredictions } from './settled-predictions.js';
import { ToldChanges } from './told-changes.js';

const streams = [CommittedChanges, MatchLookups, ProviderChanges, SettledPredictions, ToldChanges];

/** What the features of one application say to each other. Imported by each of them; Nest keeps one instance. */
@Global()
@Module({ imports: [KernelModule], providers: streams, exports: [KernelModule, ...streams] })
export class ContractsModule {}
