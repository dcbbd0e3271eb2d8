import type { FactoryProvider, InjectionToken } from '@nestjs/common';

/** A provider that is made from others by a function, so that a plain class needs no decorator of Nest. */
export function provide<A extends unknown[], T>(token: InjectionToken, inject: { [K in keyof A]: InjectionToken }, useFactory: (...args: A) => T): FactoryProvider<T> {
  return { provide: token, inject: inject as InjectionToken[], useFactory: useFactory as (...args: unknown[]) => T };
}
