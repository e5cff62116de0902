export { asgiSessionsBase64 } from './asgi-sessions-base64.js';
export { asgiSessionsFernet, type AsgiSessionsFernetOptions } from './asgi-sessions-fernet.js';
export { asgiSessionsJwt, type AsgiSessionsJwtOptions } from './asgi-sessions-jwt.js';
export { cookieSession, type CookieSessionOptions } from './cookie-session.js';
export { flask, type FlaskOptions } from './flask.js';
export { starlette, type StarletteOptions } from './starlette.js';
export type { ForeignContext, ForeignFormat, ForeignSession } from './foreign-format.js';
export type { ForeignOptions, ForeignSecret } from './foreign-options.js';
