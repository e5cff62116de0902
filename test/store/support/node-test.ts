// What a user of node:test writes, as docs/store.md has it.
import { test } from 'node:test';
import { memoryStore } from 'nestjs-sessions/store';
import { storeContract } from 'nestjs-sessions/testing';

for (const { name, run } of storeContract(memoryStore())) test(name, run);
