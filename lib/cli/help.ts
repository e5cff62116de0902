/** What `--help` prints. */
export const HELP = `Usage: npx nestjs-sessions <command>

  secret             prints a new secret: 32 random bytes in base64
  inspect <cookie>   says what is in a session cookie, and whether it is accepted

<cookie> is the value, a Cookie header, a Set-Cookie line, or - for the standard input,
which keeps the cookie out of the history of the shell.

Options of inspect:
  --name <name>                   name of the cookie; by default "session", or the first that looks like one
  --max-age <seconds>             maxAge of the application
  --absolute-max-age <seconds>    absoluteMaxAge of the application
  --values                        shows what the session holds, not only its keys
  --json                          prints JSON

Environment:
  SESSION_SECRET     the secret, as the application has it; without one, nothing is verified
  SESSION_SECRETS    several secrets with commas between them, newest first

Exit codes: 0 accepted, or decoded where no secret is given; 1 rejected; 2 wrong usage.
`;
