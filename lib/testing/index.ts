export { sessionCookie, type SessionCookieOptions } from './session-cookie.js';
export { readSession, type ResponseLike } from './read-session.js';
export { saveSession } from './save-session.js';
export { loadSession } from './load-session.js';
export { fakeSession } from './fake-session.js';
export { type SessionTestKit, testKitOf } from './test-kit.js';
export { storeContract, type StoreCheck, type StoreContractOptions } from './store-contract.js';
