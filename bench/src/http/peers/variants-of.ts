import { Module, type Type } from '@nestjs/common';
import type { Setting, Variant } from '../variant.js';

/** The controllers of a peer: one begins a session, one reads it, one writes it. */
export interface PeerControllers {
  readonly login: Type;
  readonly read: Type;
  readonly written: Type;
}

type Peer = Pick<Variant, 'platforms' | 'prepare'> & { readonly controllers: (setting: Setting) => PeerControllers };

/** Two variants of each peer. */
export function variantsOf(name: string, { platforms, prepare, controllers }: Peer): Variant[] {
  return (['read', 'written'] as const).map((page) => ({
    name: `${name}, ${page}`,
    platforms,
    prepare,
    module(setting) {
      const all = controllers(setting);
      @Module({ controllers: [all[page], all.login] })
      class PeerModule {}
      return PeerModule;
    },
  }));
}
