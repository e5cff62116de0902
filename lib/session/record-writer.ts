import type { Adoption } from './adoption.js';
import { CurrentRecord } from './current-record.js';
import type { LostAnswers } from './lost-answers.js';
import type { WriteContext } from './next-record.js';
import type { CreateRecord, EndRecord, KnownRecord, RecordCommand } from './record-command.js';
import type { RecordHistory } from './record-plan.js';
import type { SessionStorage } from './session-storage.js';
import { Succession } from './succession.js';

/** Carries out what was decided about the record of one request, and knows what the store has then. */
export class RecordWriter implements RecordHistory {
  readonly #storage: SessionStorage;
  readonly #current: CurrentRecord;
  #succession: Succession | undefined;
  #adoption: Adoption | undefined;

  /**
   * @param endedIds the sessions that the request has ended before
   * @param known the record of the session that came
   * @param adoption takes over the session, where it came without a record
   */
  constructor(storage: SessionStorage, endedIds: readonly string[], known?: KnownRecord, adoption?: Adoption) {
    this.#storage = storage;
    this.#current = new CurrentRecord(storage, known, endedIds);
    this.#adoption = adoption;
  }

  get known(): KnownRecord | undefined {
    return this.#current.known;
  }

  get isWritten(): boolean {
    return this.#current.isWritten;
  }

  get wasExtended(): boolean {
    return this.#current.wasExtended;
  }

  get goneId(): string | undefined {
    return this.#current.goneId;
  }

  get lost(): LostAnswers | undefined {
    return this.#current.lost;
  }

  get endedIds(): readonly string[] {
    return this.#current.endedIds;
  }

  get adoptedId(): string | undefined {
    return this.#adoption?.id;
  }

  /** The fresh part of the key of a session's record, where it has one. */
  rkOf(id: string): string | undefined {
    if (this.known?.id === id) return this.known.rk;
    return this.#adoption?.id === id ? this.#adoption.rk : undefined;
  }

  /** @throws SessionError `ERR_SESSION_STORE_UNAVAILABLE` or `ERR_SESSION_REVOKED` */
  async run(command: RecordCommand, context: WriteContext): Promise<void> {
    const adoption = this.#adoption;
    if (command.kind === 'create' && command.claims.jti === adoption?.id) await this.#adopt(command, adoption, context);
    else if (command.kind === 'create' || command.kind === 'delete') {
      const before = this.known ?? adoption;
      if (command.kind === 'create') await this.#sessions.begin(command, before, context);
      else await this.#sessions.finish(before, command.hasKept, context.now);
      this.#adoption = undefined;
    } else if (this.known !== undefined) await this.#write(command, this.known, context);
    if (this.lost === undefined) return;
    // An attempt has succeeded.
    await this.#sessions.deleteBegun(this.known);
    this.#current.lost = undefined;
  }

  #write(
    command: Exclude<RecordCommand, CreateRecord | EndRecord>,
    known: KnownRecord,
    context: WriteContext,
  ): Promise<void> {
    if (command.kind === 'save') return this.#current.save(command, known, context);
    if (command.kind === 'empty') return this.#sessions.empty(command, known, context);
    return this.#current.touch(known, context.now, command.expiresAt);
  }

  /** Most requests begin and end no session. */
  get #sessions(): Succession {
    return (this.#succession ??= new Succession(this.#storage, this.#current));
  }

  /** Gives a session that came without a record one: the first of several requests decides which. */
  async #adopt(command: CreateRecord, adoption: Adoption, context: WriteContext): Promise<void> {
    const name = { id: adoption.id, rk: adoption.rk };
    try {
      const isRevoked = !(await this.#current.create(command, name, context));
      const other = await adoption.decide(isRevoked ? '' : name.rk, context.now);
      if (!isRevoked && (other === undefined || other === name.rk)) {
        this.#adoption = undefined;
        return;
      }
      if (!isRevoked) await this.#storage.records.delete(name);
      if (other === undefined || other === '') this.#current.forget(name);
      else await this.#current.join(command, { id: name.id, rk: other }, context);
    } catch (error) {
      // It is not decided yet which record the session has.
      this.#adoption = adoption.anew();
      this.#current.goBack({ known: undefined, isWritten: false });
      throw error;
    }
  }
}
