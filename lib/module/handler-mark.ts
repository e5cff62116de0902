import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';

const reflector = new Reflector();

/**
 * Whether a mark of `SetMetadata(mark, true)` exempts a handler from a guard: its own mark decides, and without one that of
 * its class. The guard that stands at the handler itself is meant, so the mark of the class does not count for it.
 */
export function isExempt(mark: string, context: ExecutionContext, guard: CanActivate): boolean {
  const own: unknown = reflector.get(mark, context.getHandler());
  if (own !== undefined) return own === true;
  return reflector.get<unknown>(mark, context.getClass()) === true && !isGuardOf(context.getHandler(), guard);
}

/** Whether a handler has `@UseGuards()` with this guard, given as an instance or as its class. */
function isGuardOf(handler: ReturnType<ExecutionContext['getHandler']>, guard: CanActivate): boolean {
  const guards: readonly unknown[] = reflector.get<readonly unknown[] | undefined>(GUARDS_METADATA, handler) ?? [];
  return guards.includes(guard) || guards.includes(guard.constructor);
}
