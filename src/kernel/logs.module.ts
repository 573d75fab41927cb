import { Module } from '@nestjs/common';
import { ResolvedLogsOptions, resolveLogsOptions } from './logs.options.js';
import { optionsModule } from './options-module.js';

/** How the events of the package are logged: under which `service`, in which form. Without it they have the defaults. */
@Module({ exports: [ResolvedLogsOptions] })
export class LogsModule extends optionsModule('logs', ResolvedLogsOptions, resolveLogsOptions) {}
