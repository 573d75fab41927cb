import { Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { SchedulerRegistry } from '@nestjs/schedule';
import { ScheduleRegistration } from '../../ports/schedule-registration.js';

/** The `SchedulerRegistry` of `@nestjs/schedule`, where the host has one: the timers themselves stay the package's. */
@Injectable()
export class NestScheduleRegistration extends ScheduleRegistration {
  private readonly logger = new Logger('Schedule');
  private readonly names = new Set<string>();
  private search: Promise<SchedulerRegistry | null> | null = null;
  private registry: SchedulerRegistry | null = null;

  constructor(private readonly modules: ModuleRef) {
    super();
  }

  override async register(name: string): Promise<void> {
    this.search ??= this.find(name);
    this.registry = await this.search;
    if (!this.registry) return;
    this.names.add(name);
    // the registry passes what it holds to clearInterval, which leaves anything else than a timer alone
    if (!this.registry.doesExist('interval', name)) this.registry.addInterval(name, { name });
  }

  override remove(name: string): void {
    if (this.names.delete(name) && this.registry?.doesExist('interval', name)) this.registry.deleteInterval(name);
  }

  override isRemoved(name: string): boolean {
    return this.names.has(name) && !this.registry?.doesExist('interval', name);
  }

  private async find(name: string): Promise<SchedulerRegistry | null> {
    try {
      const { SchedulerRegistry } = await import('@nestjs/schedule');
      return this.modules.get(SchedulerRegistry, { strict: false });
    } catch {
      this.logger.warn(
        `"${name}" stands in no SchedulerRegistry: install @nestjs/schedule and import ScheduleModule.forRoot() in the host to see it there. It ticks all the same`,
      );
      return null;
    }
  }
}
