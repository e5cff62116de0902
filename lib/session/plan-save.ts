import type { CurrentRecord } from './current-record.js';
import { planRecord, type RecordPlan } from './record-plan.js';
import type { SessionState } from './session-state.js';
import type { SessionStorage } from './session-storage.js';

/**
 * Decides about record and cookie of a session, by the options. A session of another person than before gets a fresh id: a
 * copy of its cookie, which may have been planted, is not logged in with it, and the store refuses a person whose sessions were
 * all ended since the request began. Where the store has the data, a log-out keeps the id, as all copies show it.
 *
 * @param now a NumericDate in whole seconds
 * @throws SessionError as `planRecord`; and what the option `subject` throws
 */
export function planSave(state: SessionState, record: CurrentRecord, storage: SessionStorage, now: number): RecordPlan {
  const { settings, isDataInCookie } = storage;
  const needsRecord = (text: string) => !storage.isOfPersonsOnly || storage.subjectOf(text) !== undefined;
  const rules = { lifetime: settings.lifetime, isDataInCookie, needsRecord };
  const plan = planRecord(state, record, rules, now);
  const text = textOf(plan, storage);
  if (text === undefined || !isOfOther(text, state, record, storage)) return plan;
  state.rename(true);
  return planRecord(state, record, rules, now);
}

/** The data that the plan writes, as text. */
function textOf({ command, cookie }: RecordPlan, { isDataInCookie }: SessionStorage): string | undefined {
  if (isDataInCookie) return cookie?.action === 'write' ? cookie.text : undefined;
  return command?.kind === 'save' || command?.kind === 'create' ? command.text : undefined;
}

function isOfOther(
  text: string,
  { id, originId, data }: SessionState,
  { known, lost }: CurrentRecord,
  storage: SessionStorage,
): boolean {
  if (storage.options.subject === undefined) return false;
  if (lost?.textsOf(id).some((each) => isChangeOfPerson(each, text, storage)) === true) return true;
  if (id !== (known?.id ?? originId)) return false;
  if (storage.isDataInCookie && known !== undefined) return storage.subjectOf(text) !== known.record.subject;
  return isChangeOfPerson(known?.text ?? data.originalText, text, storage);
}

function isChangeOfPerson(before: string, after: string, storage: SessionStorage): boolean {
  if (storage.isDataInCookie) return storage.subjectOf(after) !== storage.subjectOf(before);
  try {
    const subject = storage.subjectOf(after);
    return subject !== undefined && subject !== storage.subjectOf(before);
  } catch {
    // Thrown again when the record is made: a response that has begun waits for that as well.
    return false;
  }
}
