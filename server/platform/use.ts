import type { FactoryProvider, Type } from '@nestjs/common';

/** A use case and what its constructor takes, in order. */
export function use<T>(type: Type<T>, ...inject: FactoryProvider['inject'] & {}): FactoryProvider {
  return { provide: type, inject, useFactory: (...parts: unknown[]) => new type(...parts) };
}
