import type { Adoption } from './adoption.js';
import type { CurrentRecord } from './current-record.js';
import type { WriteContext } from './next-record.js';
import type { CreateRecord, EndRecord, KnownRecord, RecordCommand } from './record-command.js';
import type { SessionStorage } from './session-storage.js';
import { Succession } from './succession.js';

/** Carries out what was decided about the record of one request. */
export class RecordWriter {
  readonly #storage: SessionStorage;
  /** What the store has then. */
  readonly current: CurrentRecord;
  #succession: Succession | undefined;

  constructor(storage: SessionStorage, current: CurrentRecord) {
    this.#storage = storage;
    this.current = current;
  }

  /** @throws SessionError `ERR_SESSION_STORE_UNAVAILABLE` or `ERR_SESSION_REVOKED` */
  async run(command: RecordCommand, context: WriteContext): Promise<void> {
    const { known, adoption } = this.current;
    if (command.kind === 'create' && command.claims.jti === adoption?.id) await this.#adopt(command, adoption, context);
    else if (command.kind === 'create' || command.kind === 'delete') {
      const before = known ?? adoption;
      if (command.kind === 'create') await this.#sessions.begin(command, before, context);
      else await this.#sessions.finish(before, command.hasKept, context.now);
      this.current.adoption = undefined;
    } else if (known !== undefined) await this.#write(command, known, context);
    if (this.current.lost === undefined) return;
    // An attempt has succeeded.
    await this.#sessions.deleteBegun(this.current.known);
    this.current.lost = undefined;
  }

  #write(
    command: Exclude<RecordCommand, CreateRecord | EndRecord>,
    known: KnownRecord,
    context: WriteContext,
  ): Promise<void> {
    if (command.kind === 'save') return this.current.save(command, known, context);
    if (command.kind === 'empty') return this.#sessions.empty(command, known, context);
    return this.current.touch(known, context.now, command.expiresAt);
  }

  /** Most requests begin and end no session. */
  get #sessions(): Succession {
    return (this.#succession ??= new Succession(this.#storage, this.current));
  }

  /** Gives a session that came without a record one: the first of several requests decides which. */
  async #adopt(command: CreateRecord, adoption: Adoption, context: WriteContext): Promise<void> {
    const name = { id: adoption.id, rk: adoption.rk };
    try {
      const isRevoked = !(await this.current.create(command, name, context));
      const other = await adoption.decide(isRevoked ? '' : name.rk, context.now);
      if (!isRevoked && (other === undefined || other === name.rk)) {
        this.current.adoption = undefined;
        return;
      }
      if (!isRevoked) await this.#storage.records.delete(name);
      if (other === undefined || other === '') this.current.forget(name);
      else await this.current.join(command, { id: name.id, rk: other }, context);
    } catch (error) {
      // It is not decided yet which record the session has.
      this.current.adoption = adoption.anew();
      this.current.goBack({ known: undefined, isWritten: false });
      throw error;
    }
  }
}
