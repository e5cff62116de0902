import { describe, expect, it } from '@jest/globals';
import { JSON_FORMAT } from '../../../lib/data/data-format.js';
import { LostAnswers } from '../../../lib/session/lost-answers.js';
import type { OwnTimes } from '../../../lib/session/record.js';

const ID = 'AAECAwQFBgcICQoLDA0ODw';
const NO_TIMES: OwnTimes = { ttl: undefined, abs: undefined };
const record = (text: string, version: number) => ({ text, version, createdAt: 0, seenAt: 0, expiresAt: 100 });
const own = (data: object, times = NO_TIMES) => ({ text: JSON.stringify(data), times });

/** After a request that has begun with { n: 0 }: its save of { n: 0, a: 1 } over version 3 may have been carried out. */
function lostSave(text = '{"n":0,"a":1}', times = NO_TIMES): LostAnswers {
  const lost = new LostAnswers();
  lost.addSave({ id: ID }, record(text, 3), { text: '{"n":0,"a":1}', times });
  return lost;
}

describe('LostAnswers', () => {
  it('takes back a value that the request has saved and no longer has', () => {
    const { text } = lostSave().takenBack(record('{"n":0,"a":1}', 4), ID, own({ n: 0 }), JSON_FORMAT);
    expect(text).toBe('{"n":0}');
  });

  it('leaves what others have saved on top of it, also where it is not known whether they have found it', () => {
    const { text } = lostSave().takenBack(record('{"n":5,"a":1,"b":2}', 5), ID, own({ n: 0 }), JSON_FORMAT);
    expect(JSON.parse(text)).toEqual({ n: 5, b: 2 });
  });

  it.each([
    ['another save has come first', record('{"n":0,"a":5}', 4), ID],
    ['nothing was saved', record('{"n":0,"a":5}', 3), ID],
    ['it is another session', record('{"n":0,"a":1}', 4), 'another'],
    ['it is no record of ours', record('not JSON', 5), ID],
  ])('leaves a record as it is where %s', (_why, present, id) => {
    expect(lostSave().takenBack(present, id, own({ n: 0 }), JSON_FORMAT)).toBe(present);
  });

  it('takes back a lifetime, but none that another request has given', () => {
    const minute = { ttl: 60, abs: undefined };
    const lost = lostSave('60 {"n":0,"a":1}', minute);
    const textAfter = (text: string, version: number) =>
      lost.takenBack(record(text, version), ID, own({ n: 0, a: 1 }), JSON_FORMAT).text;
    expect(textAfter('60 {"n":0,"a":1}', 4)).toBe('{"n":0,"a":1}');
    expect(textAfter('90 {"n":0,"a":1}', 5)).toBe('90 {"n":0,"a":1}');
  });

  it('keeps the mark of a record whose data is older than that of the cookie, or that has none', () => {
    const lost = lostSave();
    expect(lost.takenBack(record('~{"n":0,"a":1}', 5), ID, own({ n: 0 }), JSON_FORMAT).text).toBe('~{"n":0}');
    expect(lost.takenBack(record('', 5), ID, own({ n: 0 }), JSON_FORMAT).text).toBe('');
  });

  it('knows a session that may have been created, and what it has then', () => {
    const lost = new LostAnswers();
    lost.addBegun({ id: ID }, record('{"a":1}', 1), own({ a: 1 }));
    expect([lost.begunId, lost.begun, lost.textsOf(ID), lost.textsOf('another')]).toEqual([
      ID,
      [{ id: ID }],
      ['{"a":1}'],
      [],
    ]);
    expect(lost.takenBack(record('{"a":1}', 1), ID, own({}), JSON_FORMAT).text).toBe('{}');
  });
});
