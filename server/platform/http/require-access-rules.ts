import type { INestApplicationContext } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS_RULE } from './access.js';

/** Nest keeps a handler's path under this name. */
const PATH_METADATA = 'path';

/** @throws Error naming each route without an access rule: the server must not start with one */
export function requireAccessRules(application: INestApplicationContext): void {
  const scanner = new MetadataScanner();
  const reflector = application.get(Reflector);
  const open: string[] = [];
  for (const { instance, metatype } of application.get(DiscoveryService).getControllers()) {
    const prototype = Object.getPrototypeOf(instance) as Record<string, (...args: unknown[]) => unknown>;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const handler = prototype[name];
      if (!handler || reflector.get(PATH_METADATA, handler) === undefined) continue;
      if (reflector.get(ACCESS_RULE, handler) === undefined) open.push(`${metatype?.name ?? '?'}.${name}`);
    }
  }
  if (open.length > 0) throw new Error(`Routes without an access rule: ${open.join(', ')}.`);
}
