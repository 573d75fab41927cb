import { Global, Module } from '@nestjs/common';
import { KernelModule } from '../kernel/kernel.module.js';
import { CommittedChanges } from './committed-changes.js';

/** What the features of one application say to each other. Imported by each of them; Nest keeps one instance. */
@Global()
@Module({ imports: [KernelModule], providers: [CommittedChanges], exports: [KernelModule, CommittedChanges] })
export class ContractsModule {}
