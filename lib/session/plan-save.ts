import { planRecord, type RecordPlan } from './record-plan.js';
import type { RecordWriter } from './record-writer.js';
import type { SessionState } from './session-state.js';
import type { SessionStorage } from './session-storage.js';

/**
 * Decides about record and cookie of a session, by the options. Where the cookie says whose the session is, one that is of
 * another person than before gets a fresh id: each copy of what it was is worth nothing then.
 *
 * @param now a NumericDate in whole seconds
 * @throws SessionError as `planRecord`; and what the option `subject` throws
 */
export function planSave(state: SessionState, writer: RecordWriter, storage: SessionStorage, now: number): RecordPlan {
  const { settings, isDataInCookie } = storage;
  const needsRecord = (text: string) => !storage.isOfPersonsOnly || storage.subjectOf(text) !== undefined;
  const rules = { lifetime: settings.lifetime, isDataInCookie, needsRecord };
  const plan = planRecord(state, writer, rules, now);
  if (!storage.isOfPersonsOnly || !isOfOther(plan, state, writer, storage)) return plan;
  state.rename();
  return planRecord(state, writer, rules, now);
}

function isOfOther(
  { cookie }: RecordPlan,
  { originId, data }: SessionState,
  { known }: RecordWriter,
  storage: SessionStorage,
): boolean {
  if (cookie?.action !== 'write' || cookie.claims.jti !== (known?.id ?? originId)) return false;
  const before = known === undefined ? storage.subjectOf(data.originalText) : known.record.subject;
  return storage.subjectOf(cookie.text) !== before;
}
