import { Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { SchedulerRegistry } from '@nestjs/schedule';
import { ScheduleRegistration } from '../../ports/schedule-registration.js';

/** The `SchedulerRegistry` of `@nestjs/schedule`, where the host has one: the timer itself stays the package's. */
@Injectable()
export class NestScheduleRegistration extends ScheduleRegistration {
  private readonly logger = new Logger('Minute');
  private registry: SchedulerRegistry | null = null;

  constructor(private readonly modules: ModuleRef) {
    super();
  }

  override async register(name: string): Promise<void> {
    this.registry = await this.find();
    if (!this.registry) {
      this.logger.warn(
        `"${name}" stands in no SchedulerRegistry: install @nestjs/schedule and import ScheduleModule.forRoot() in the host to see it there. It ticks all the same`,
      );
      return;
    }
    // the registry passes what it holds to clearInterval, which leaves anything else than a timer alone
    if (!this.registry.doesExist('interval', name)) this.registry.addInterval(name, { name });
  }

  override remove(name: string): void {
    const { registry } = this;
    this.registry = null;
    if (registry?.doesExist('interval', name)) registry.deleteInterval(name);
  }

  override isRemoved(name: string): boolean {
    return this.registry !== null && !this.registry.doesExist('interval', name);
  }

  private async find(): Promise<SchedulerRegistry | null> {
    try {
      const { SchedulerRegistry } = await import('@nestjs/schedule');
      return this.modules.get(SchedulerRegistry, { strict: false });
    } catch {
      return null;
    }
  }
}
