import { Module } from '@nestjs/common';
import { NestScheduleRegistration } from './adapters/schedule/nest-schedule-registration.js';
import { ScheduleRegistration } from './ports/schedule-registration.js';

/** Shows what the package does on schedule in the `SchedulerRegistry` of the host. */
@Module({
  providers: [{ provide: ScheduleRegistration, useClass: NestScheduleRegistration }],
  exports: [ScheduleRegistration],
})
export class ScheduleNamesModule {}
