import { Module } from '@nestjs/common';
import { NamespaceKeys } from './namespace-keys';

/** For those who seal what only the gateways of one namespace shall open. */
@Module({ providers: [NamespaceKeys], exports: [NamespaceKeys] })
export class NamespaceKeysModule {}
