import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

const reflector = new Reflector();

/** Whether a handler has a mark of `SetMetadata(mark, true)`, or its class has and the handler does not say otherwise. */
export function isMarked(mark: string, context: ExecutionContext): boolean {
  return reflector.getAllAndOverride<boolean | undefined>(mark, [context.getHandler(), context.getClass()]) === true;
}
