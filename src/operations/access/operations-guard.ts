import { type CanActivate, type ExecutionContext, Injectable, NotFoundException, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { from, isObservable, lastValueFrom } from 'rxjs';
import { Clock } from '../../kernel/clock.js';
import type { PageRequest } from '../http/page-request.js';
import { ResolvedOperationsOptions } from '../operations.options.js';
import { Sessions } from './sessions.js';
import { SignInAttempts } from './sign-in-attempts.js';

/**
 * Lets in who has signed in, or shows the secret in a header; then the host's guard decides. Without a guard everybody else is
 * answered as by a host that has no such route.
 */
@Injectable()
export class OperationsGuard implements CanActivate {
  private made: Promise<CanActivate> | null = null;

  constructor(
    private readonly options: ResolvedOperationsOptions,
    private readonly sessions: Sessions,
    private readonly attempts: SignInAttempts,
    private readonly clock: Clock,
    private readonly modules: ModuleRef,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<PageRequest>();
    if (this.sessions.of(request, this.clock.nowMs()) !== null || this.showsSecret(request)) return true;
    const { guard } = this.options;
    if (!guard) throw noSuchRoute(request);
    const answer = (await this.guardOf(guard)).canActivate(context);
    return isObservable(answer) ? lastValueFrom(from(answer)) : answer;
  }

  private showsSecret(request: PageRequest): boolean {
    const shown = this.sessions.shownBy(request);
    const address = request.ip ?? '';
    if (shown === undefined || !this.sessions.exist || this.attempts.waitS(address) > 0) return false;
    const opens = this.sessions.isSecret(shown);
    if (!opens) this.attempts.wrong(address);
    return opens;
  }

  /** That of the host where a module of it provides one, else one that is made here. */
  private guardOf(guard: Type<CanActivate>): Promise<CanActivate> {
    this.made ??= this.found(guard).catch((error: unknown) => {
      this.made = null;
      throw error;
    });
    return this.made;
  }

  private async found(guard: Type<CanActivate>): Promise<CanActivate> {
    try {
      return this.modules.get(guard, { strict: false });
    } catch {
      return this.modules.create(guard);
    }
  }
}

/** As Nest says it of a path that no controller has. */
export function noSuchRoute({ method, originalUrl, url }: PageRequest): NotFoundException {
  return new NotFoundException(`Cannot ${method} ${originalUrl ?? url}`);
}
