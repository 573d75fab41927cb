import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ClientAuthenticator } from '../../src/broadcast/index.js';
import { JwtAuthenticator } from './jwt-authenticator.js';

/** How a host binds its authenticator: in a global module, as the package's modules find it there. */
@Global()
@Module({})
export class AuthenticationModule {
  static with(secret: string): DynamicModule {
    return {
      module: AuthenticationModule,
      providers: [{ provide: ClientAuthenticator, useFactory: () => new JwtAuthenticator(secret) }],
      exports: [ClientAuthenticator],
    };
  }
}
