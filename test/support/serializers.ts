import * as devalue from 'devalue';
import type { SessionSerializer } from 'nestjs-sessions';
import * as superjson from 'superjson';

/** Serializers by others that fit the option as they are. */
export const SERIALIZERS: Readonly<Record<'devalue' | 'superjson', SessionSerializer>> = { devalue, superjson };
