/** A secret for tests: 32 bytes. */
export const SECRET = 'a secret of thirty-two bytes: ok';
/** Another one. */
export const OTHER_SECRET = 'another secret of 32 bytes here.';
