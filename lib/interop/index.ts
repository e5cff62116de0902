export { asgiSessionsFernet, type AsgiSessionsFernetOptions } from './python/asgi-sessions-fernet.js';
export { asgiSessionsJwt, type AsgiSessionsJwtOptions } from './python/asgi-sessions-jwt.js';
export { cookieSession, type CookieSessionOptions } from './cookie-session.js';
export { flask, type FlaskOptions } from './python/flask.js';
export { starlette, type StarletteOptions } from './python/starlette.js';
export type { ForeignContext, ForeignFormat, ForeignSession } from './foreign-format.js';
export type { ForeignOptions, ForeignSecret, TimelessOptions } from './foreign-options.js';
