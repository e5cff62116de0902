import { planRecord, type RecordPlan } from './record-plan.js';
import type { RecordWriter } from './record-writer.js';
import type { SessionState } from './session-state.js';
import type { SessionStorage } from './session-storage.js';

/**
 * Decides about record and cookie of a session, by the options. One that is of another person than before gets a fresh id: a
 * copy of its cookie, which may have been planted, is not logged in with it, and the store refuses a person whose sessions were
 * all ended since the request began. Where the store has the data, a log-out keeps the id, as all copies show it.
 *
 * @param now a NumericDate in whole seconds
 * @throws SessionError as `planRecord`; and what the option `subject` throws
 */
export function planSave(state: SessionState, writer: RecordWriter, storage: SessionStorage, now: number): RecordPlan {
  const { settings, isDataInCookie } = storage;
  const needsRecord = (text: string) => !storage.isOfPersonsOnly || storage.subjectOf(text) !== undefined;
  const rules = { lifetime: settings.lifetime, isDataInCookie, needsRecord };
  const plan = planRecord(state, writer, rules, now);
  const text = textOf(plan, storage);
  if (text === undefined || !isOfOther(text, state, writer, storage)) return plan;
  state.rename();
  return planRecord(state, writer, rules, now);
}

/** The data that the plan writes, as text. */
function textOf({ command, cookie }: RecordPlan, { isDataInCookie }: SessionStorage): string | undefined {
  if (isDataInCookie) return cookie?.action === 'write' ? cookie.text : undefined;
  return command?.kind === 'save' || command?.kind === 'create' ? command.text : undefined;
}

function isOfOther(
  text: string,
  { id, originId, data }: SessionState,
  { known }: RecordWriter,
  storage: SessionStorage,
): boolean {
  if (storage.options.subject === undefined || id !== (known?.id ?? originId)) return false;
  if (storage.isDataInCookie) {
    const before = known === undefined ? storage.subjectOf(data.originalText) : known.record.subject;
    return storage.subjectOf(text) !== before;
  }
  try {
    const subject = storage.subjectOf(text);
    return subject !== undefined && subject !== storage.subjectOf(known?.text ?? data.originalText);
  } catch {
    // Told when the record is made, by an error that a response which has begun waits for as well.
    return false;
  }
}
